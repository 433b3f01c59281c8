#include "foreign/stream_message.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace musicrep {
namespace {

using Catch::Contains;

std::string bytes_of(const std::vector<float>& values) {
  std::string out(values.size() * 4, '\0');
  std::memcpy(out.data(), values.data(), out.size());
  return out;
}

}  // namespace

TEST_CASE("a request names items, shapes and the bytes that follow") {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const std::vector<Signal> signals = {{"a \"b\"", values, 2, 3}, {"\xff", values, 1, 6}};
  const std::string line = stream_request(signals, InputKind::kPcm);
  REQUIRE(line.back() == '\n');
  const auto json = nlohmann::json::parse(line);
  CHECK(json["encode"][0]["id"] == "a \"b\"");
  CHECK(json["encode"][0]["shape"] == nlohmann::json({2, 3}));
  CHECK(json["bytes"] == 48);
  CHECK(json["input"] == "audio");
}

TEST_CASE("a first line may say rate and channels") {
  const StreamHello hello =
      parse_stream_hello(R"({"musicrep": 1, "sample_rate_hz": 24000, "channels": null, "new": 1})");
  CHECK(hello.sample_rate_hz == 24000);
  CHECK(hello.channels == 0);
  CHECK_THROWS_WITH(parse_stream_hello("Loading the model ..."),
                    Contains("found 'Loading the model ...' on its standard output"));
  CHECK_THROWS_WITH(parse_stream_hello(R"({"musicrep": 2})"),
                    Contains("expected {\"musicrep\": 1}"));
  CHECK_THROWS_WITH(parse_stream_hello(R"({"error": "no numpy"})"), Contains("no numpy"));
  CHECK_THROWS_WITH(parse_stream_hello(R"({"musicrep": 1, "sample_rate_hz": -5})"),
                    Contains("sample_rate_hz"));
  CHECK_THROWS_WITH(parse_stream_hello(R"({"musicrep": 1, "channels": 3})"), Contains("channels"));
}

TEST_CASE("an answer's arrays are read by their shapes") {
  const StreamAnswer answer = parse_stream_answer(
      R"({"vectors": [[2], [1, 2], [2, 1, 2]], "layers": ["x", "y"], "bytes": 32})", 3);
  CHECK(answer.layers == std::vector<std::string>{"x", "y"});
  const auto arrays = stream_arrays(answer, bytes_of({1, 2, 3, 4, 5, 6, 7, 8}));
  REQUIRE(arrays.size() == 3);
  CHECK(arrays[1].values == std::vector<double>{3, 4});
  CHECK(arrays[2].shape == std::vector<std::size_t>{2, 1, 2});
  CHECK(arrays[2].values == std::vector<double>{5, 6, 7, 8});
  const StreamAnswer wide =
      parse_stream_answer(R"({"vectors": [[1]], "dtype": "float64", "bytes": 8})", 1);
  const double third = 1.0 / 3;
  CHECK(stream_arrays(wide, {reinterpret_cast<const char*>(&third), 8})[0].values[0] == third);
}

TEST_CASE("an answer may be an error with its item and traceback") {
  const StreamAnswer answer =
      parse_stream_answer(R"({"error": "ValueError: no", "item": "a", "trace": "one\ntwo"})", 3);
  CHECK(answer.error == "ValueError: no");
  CHECK(answer.item == "a");
  CHECK(answer.trace == "one\ntwo");
  CHECK(answer.bytes == 0);
}

TEST_CASE("an answer that does not add up is refused") {
  const auto [line, reason] = GENERATE(table<std::string, std::string>({
      {R"({"vectors": [[2]], "bytes": 8})", "found 1 arrays, expected 2"},
      {R"({"vectors": [[2], [2]], "bytes": 8})", "for shapes of 16 bytes"},
      {R"({"vectors": [[2], [2]]})", "for shapes of 16 bytes"},
      {R"({"vectors": [[2], []], "bytes": 8})", "found an array of 0 axes"},
      {R"({"vectors": [[2], [1, 1, 1, 1]], "bytes": 8})", "found an array of 4 axes"},
      {R"({"vectors": [[2], [-1]], "bytes": 8})", "expected whole numbers"},
      {R"({"vectors": [[2], {"a": 1}], "bytes": 8})", "expected whole numbers"},
      {R"({"vectors": [[1e99], [1]], "bytes": 8})", "expected whole numbers"},
      {R"({"vectors": [[4000000000, 4000000000], [1]], "bytes": 8})", "more than 2147483648 bytes"},
      {R"({"vectors": 3, "bytes": 8})", "without 'vectors'"},
      {R"({"vectors": [[2], [2]], "dtype": "int8", "bytes": 16})", "expected float32 or float64"},
      {R"({"vectors": [[2], [2]], "layers": [1], "bytes": 16})",
       "a layer whose name is not a text"},
      {R"({"error": 3})", "'error' is not a text"},
      {"[1, 2]", "expected a line of JSON"},
      {"", "expected a line of JSON"},
  }));
  CHECK_THROWS_WITH(parse_stream_answer(line, 2), Contains(reason));
}

}  // namespace musicrep

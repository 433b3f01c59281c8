#include "formats/json_records.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gzip_testing.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::for_each_json_line;
using musicrep::for_each_json_record;
using musicrep::message_of;
using musicrep::parse_record;
using musicrep::Problems;
using musicrep::TempFolder;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

struct Seen {
  Texts ids;
  Texts wheres;
  Problems problems;
  std::size_t n = 0;
};

Seen records_of(std::string_view text) {
  const TempFolder folder;
  Seen seen;
  seen.n = for_each_json_record(
      folder.write("r.json", text),
      [&](const json& record, const std::string& where) {
        seen.ids.push_back(musicrep::text_of(record, "id"));
        seen.wheres.push_back(where);
      },
      seen.problems);
  return seen;
}

}  // namespace

TEST_CASE("json records: JSON and Python dictionaries") {
  const json expected = {
      {"a", "it's"}, {"b", {1.5, -2, nullptr, true, false}}, {"c", json::object()}};
  CHECK(parse_record(R"({"a": "it's", "b": [1.5, -2, null, true, false], "c": {}})", "w") ==
        expected);
  CHECK(parse_record(R"({'a': "it's", 'b': [1.5, -2, None, True, False], 'c': {}})", "w") ==
        expected);
  CHECK(parse_record(R"({'t': 'it\'s "so"\n\\\x41\xe9\u20ac\U0001d11e'})", "w")["t"] ==
        "it's \"so\"\n\\A\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E");
  CHECK(parse_record("{'k': []}", "w") == json{{"k", json::array()}});
}

TEST_CASE("json records: what is neither is refused") {
  for (const char* bad :
       {"", "3", "[1]", "{", "{'a'}", "{'a': }", "{'a': 'b}", "{'a': 1} x", "{a: 1}",
        "{'a': '\\q'}", "{'a': '\\ud800'}", "{'a': '\\x4'}", "{'a': [1, }"}) {
    INFO(bad);
    CHECK_THAT(message_of<DataError>([&] { parse_record(bad, "'f', line 3"); }),
               Contains("'f', line 3: found '") && Contains("expected one JSON object"));
  }
  const std::string deep = "{'a': " + std::string(100, '[') + std::string(100, ']') + "}";
  CHECK_THAT(message_of<DataError>([&] { parse_record(deep, "w"); }), Contains("expected one"));
}

TEST_CASE("json records: a list and one a line are the same") {
  for (const char* text : {"[{\"id\": \"x\"},\n {\"id\": \"y\", \"more\": [{\"id\": \"no\"}]}]",
                           "{\"id\": \"x\"}\n\n{'id': 'y'}\n"}) {
    const Seen seen = records_of(text);
    CHECK(seen.ids == Texts{"x", "y"});
    CHECK(seen.n == 2);
    CHECK(seen.problems.empty());
  }
  CHECK_THAT(records_of("[{\"id\": \"x\"}]").wheres[0], Contains("r.json', record 1"));
}

TEST_CASE("json records: damage is reported with the last good record") {
  const Seen cut = records_of("[{\"id\": \"x\"}, {\"id\": \"y\"}, {\"id");
  CHECK(cut.ids == Texts{"x", "y"});
  REQUIRE(cut.problems.size() == 1);
  CHECK_THAT(cut.problems.list()[0], Contains("r.json': damaged or cut off after record 2"));
  const Seen wrong = records_of("[3, {\"id\": \"x\"}, [1]]");
  CHECK(wrong.ids == Texts{"x"});
  CHECK(wrong.problems.size() == 2);
  CHECK_THAT(wrong.problems.list()[0], Contains("record 1: found no JSON object"));
  const Seen lines = records_of("{'id': 'x'}\nnonsense\n{'id': 'y'}\n");
  CHECK(lines.ids == Texts{"x", "y"});
  REQUIRE(lines.problems.size() == 1);
  CHECK_THAT(lines.problems.list()[0], Contains("line 2: found 'nonsense'"));
  CHECK(records_of("7").problems.size() == 1);
}

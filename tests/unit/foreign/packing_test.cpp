#include "foreign/packing.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "foreign/messages.h"

namespace musicrep {
namespace {

EncoderInfo full_info() {
  EncoderInfo info;
  info.name = "mine";
  info.version = "3";
  info.description = "d";
  info.citation = "c";
  info.licence = "l";
  info.input = InputKind::kVggishFrames;
  info.sample_rate_hz = 16000.5;
  info.channels = 2;
  info.window_s = 0.96;
  info.hop_s = 0.48;
  info.dim = 128;
  info.trained_on = {"a", "b"};
  info.options = {
      {"flag", true, "1"},
      {.name = "whole", .default_value = std::int64_t{-5}, .description = "2", .required = true},
      {.name = "real", .default_value = 0.25, .description = "3", .is_path = true},
      {.name = "text", .default_value = std::string("t"), .description = "4", .trains = true},
      {.name = "list",
       .default_value = std::vector<std::string>{"x", ""},
       .description = "5",
       .practical = true}};
  info.resampler = "kaiser_best";
  info.max_duration_s = 29;
  info.foreign = true;
  info.in_child = true;
  info.code_sha256 = "s";
  info.bibtex = "@misc{b}";
  info.fetch_help = "h";
  return info;
}

}  // namespace

TEST_CASE("what is known of an encoder comes back whole") {
  const EncoderInfo info = full_info();
  const std::string bytes = pack(info);
  const auto back = unpack<EncoderInfo>(bytes);
  CHECK(pack(back) == bytes);
  CHECK(back.input == InputKind::kVggishFrames);
  CHECK(back.trained_on == info.trained_on);
  REQUIRE(back.options.size() == info.options.size());
  for (std::size_t i = 0; i < info.options.size(); ++i) {
    CHECK(back.options[i].default_value == info.options[i].default_value);
    CHECK(back.options[i].practical == info.options[i].practical);
    CHECK(back.options[i].is_path == info.options[i].is_path);
  }
  CHECK(back.bibtex == "@misc{b}");
  CHECK(back.fetch_help == "h");
  // Every field counts: another value gives other bytes.
  EncoderInfo other = info;
  other.code_sha256 = "t";
  CHECK(pack(other) != bytes);
}

TEST_CASE("texts that are not UTF-8 are found in every field") {
  EncoderInfo info = full_info();
  info.input = InputKind::kPcm;
  info.sample_rate_hz = 16000;
  CHECK_NOTHROW(check_info(info));
  const auto check_refused = [](EncoderInfo wrong) {
    CHECK_THROWS_WITH(check_info(wrong), "encoder 'mine': found a text that is no UTF-8");
  };
  EncoderInfo wrong = info;
  wrong.code_sha256 = "\xff";
  check_refused(wrong);
  wrong = info;
  wrong.trained_on.back() = "\xff";
  check_refused(wrong);
  wrong = info;
  wrong.options[3].default_value = std::string("\xff");
  check_refused(wrong);
  wrong = info;
  wrong.options[3].one_of = {"t", "\xff"};
  check_refused(wrong);

  EncoderFacts facts;
  facts.views = {{"first", {{0, 2}}}};
  CHECK_NOTHROW(check_facts(facts));
  facts.views[0].name = "\xff";
  CHECK_THROWS_AS(check_facts(facts), ProtocolError);
}

TEST_CASE("signals and matrices keep their bits and shapes") {
  const std::vector<float> values = {0.5F, -1, 3, 1e-30F, 0, 7};
  const Signal signals[] = {{"a,\"b", values, 2, 3}, {"", {}, 0, 0}};
  const auto sent = unpack<std::vector<SentSignal>>(pack_signals(signals));
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].id == "a,\"b");
  CHECK(sent[0].values == values);
  CHECK(sent[0].rows == 2);
  CHECK(sent[0].cols == 3);
  const std::vector<Matrix> matrices = {Matrix(2, 3, {1, 2, 3, 4, 5, 6}), Matrix(0, 4), Matrix()};
  CHECK(unpack<std::vector<Matrix>>(pack(matrices)) == matrices);
}

TEST_CASE("a message that is cut anywhere, or too long, is refused") {
  const std::string bytes = pack(full_info());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_THROWS_AS(unpack<EncoderInfo>(std::string_view(bytes).substr(0, n)), ProtocolError);
  }
  CHECK_THROWS_AS(unpack<EncoderInfo>(bytes + "x"), ProtocolError);
}

TEST_CASE("counts that promise more than there is ask for no memory") {
  const std::string much = pack(~std::uint64_t{0});
  CHECK_THROWS_AS(unpack<std::string>(much), ProtocolError);
  CHECK_THROWS_AS(unpack<std::vector<double>>(much), ProtocolError);
  CHECK_THROWS_AS(unpack<std::vector<std::string>>(much), ProtocolError);
  CHECK_THROWS_AS(unpack<Options>(much), ProtocolError);
  const std::uint64_t many = std::uint64_t{1} << 32;
  CHECK_THROWS_AS(unpack<Matrix>(pack(many, many, std::vector<double>{})), ProtocolError);
  CHECK_THROWS_AS(unpack<Matrix>(pack(std::uint64_t{2}, std::uint64_t{2}, std::vector<double>(3))),
                  ProtocolError);
  CHECK_THROWS_AS(unpack<OptionValue>(pack(std::uint8_t{5})), ProtocolError);
}

TEST_CASE("encoders that cannot be are refused") {
  EncoderInfo info = full_info();
  check_info(info);
  info.input = static_cast<InputKind>(9);
  CHECK_THROWS_AS(check_info(info), ProtocolError);
  info.input = InputKind::kPcm;
  check_info(info);
  info.sample_rate_hz = 0;
  CHECK_THROWS_AS(check_info(info), ProtocolError);
  info.sample_rate_hz = 8000;
  info.channels = 6;
  CHECK_THROWS_AS(check_info(info), ProtocolError);
  info.channels = 1;
  info.resampler = "none";
  CHECK_THROWS_AS(check_info(info), ProtocolError);
}

}  // namespace musicrep

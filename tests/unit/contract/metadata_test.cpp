#include <catch2/catch.hpp>
#include <limits>

#include "contract/contract.h"

namespace musicrep {
namespace {

EncoderInfo good_info() {
  EncoderInfo info;
  info.name = "toy";
  info.version = "1";
  info.description = "a toy";
  info.citation = "none";
  info.licence = "MIT";
  info.sample_rate_hz = 16000;
  info.channels = 2;
  return info;
}

TEST_CASE("each thing that an encoder says of itself is looked at") {
  CHECK(metadata_problems(good_info()).empty());
  for (const auto& [spoil, problem] : std::vector<std::pair<void (*)(EncoderInfo&), std::string>>{
           {[](EncoderInfo& i) { i.version = ""; }, "version is empty"},
           {[](EncoderInfo& i) { i.citation = ""; }, "citation is empty"},
           {[](EncoderInfo& i) { i.licence = ""; }, "licence is empty"},
           {[](EncoderInfo& i) { i.sample_rate_hz = 44.1; }, "44.1 Hz"},
           {[](EncoderInfo& i) { i.sample_rate_hz = std::numeric_limits<double>::quiet_NaN(); },
            "nan Hz"},
           {[](EncoderInfo& i) { i.channels = 0; }, "0 channels"},
           {[](EncoderInfo& i) { i.resampler = "soxs"; }, "soxs"},
           {[](EncoderInfo& i) { i.hop_s = -1; }, "hop_s is -1"},
           {[](EncoderInfo& i) { i.window_s = 1e6; }, "window_s is 1000000"},
           {[](EncoderInfo& i) { i.input = InputKind::kVggishFrames; }, "takes no audio"},
           {[](EncoderInfo& i) {
              i.options = {{"a", true, ""}};
            },
            "'a' is not described"},
           {[](EncoderInfo& i) {
              i.options = {{"a", true, "x"}, {"a", 1.0, "y"}};
            },
            "twice"}}) {
    EncoderInfo info = good_info();
    spoil(info);
    const std::vector<std::string> problems = metadata_problems(info);
    CAPTURE(problem);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], Catch::Contains(problem));
  }
}

}  // namespace
}  // namespace musicrep

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "audio/resample.h"
#include "contract/contract.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

void check_seconds(const char* name, double seconds, double most,
                   std::vector<std::string>& problems) {
  if (std::isfinite(seconds) && seconds >= 0 && seconds <= most) return;
  problems.push_back(fmt::format("{} is {} s, expected 0 to {}", name, seconds, most));
}

void check_audio(const EncoderInfo& info, std::vector<std::string>& problems) {
  if (!(info.sample_rate_hz >= 1000 && info.sample_rate_hz <= 384000)) {
    problems.push_back(
        fmt::format("the sample rate is {} Hz, expected 1000 to 384000", info.sample_rate_hz));
  }
  if (info.channels != 1 && info.channels != 2) {
    problems.push_back(fmt::format("it takes {} channels, expected 1 or 2", info.channels));
  }
  try {
    static_cast<void>(resampler_named(info.resampler));
  } catch (const ConfigError& error) {
    problems.push_back(fmt::format("resampler: {}", error.what()));
  }
  check_seconds("max_duration_s", info.max_duration_s, 86400, problems);
}

}  // namespace

std::vector<std::string> metadata_problems(const EncoderInfo& info) {
  std::vector<std::string> problems;
  for (const auto& [name, text] : {std::pair("version", &info.version),
                                   {"description", &info.description},
                                   {"citation", &info.citation},
                                   {"licence", &info.licence}}) {
    if (text->empty()) problems.push_back(fmt::format("{} is empty", name));
  }
  if (info.input == InputKind::kPcm) {
    check_audio(info, problems);
  } else if (info.sample_rate_hz != 0 || info.channels != 0) {
    problems.push_back(fmt::format("it takes no audio, but {} channels at {} Hz", info.channels,
                                   info.sample_rate_hz));
  }
  check_seconds("window_s", info.window_s, 3600, problems);
  check_seconds("hop_s", info.hop_s, 3600, problems);
  std::set<std::string> names;
  for (const OptionSpec& option : info.options) {
    if (option.description.empty()) {
      problems.push_back(fmt::format("option '{}' is not described", option.name));
    }
    if (!names.insert(option.name).second) {
      problems.push_back(fmt::format("option '{}' is there twice", option.name));
    }
  }
  return problems;
}

}  // namespace musicrep

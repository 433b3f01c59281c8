// What is known of a TorchScript model without LibTorch.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/did_you_mean.h"
#include "frontend/front_ends.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "torchscript.h"
#include "torchscript_choice.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

void check(const TorchscriptChoice& choice, Problems& problems) {
  if (choice.input.empty()) {
    problems.add(
        "input is given neither here nor in the file, expected audio, audio_batch, log_mel or "
        "vggish_frames");
  } else if (const Texts inputs = {"audio", "audio_batch", "log_mel", "vggish_frames"};
             std::ranges::find(inputs, choice.input) == inputs.end()) {
    problems.add(unknown_name("input", choice.input, inputs));
  }
  if (const Texts names = front_end_names();
      choice.input == "log_mel" && std::ranges::find(names, choice.preset) == names.end()) {
    problems.add(unknown_name("preset", choice.preset, names));
  }
  if (choice.takes_audio()) {
    if (!(choice.sample_rate_hz >= 1000 && choice.sample_rate_hz <= 768000)) {
      problems.add(
          fmt::format("sample_rate_hz: found {}, expected 1000 to 768000", choice.sample_rate_hz));
    }
    if (choice.channels != 1 && choice.channels != 2) {
      problems.add(fmt::format("channels: found {}, expected 1 or 2", choice.channels));
    }
  }
  for (const double seconds : {choice.window_s, choice.hop_s}) {
    if (!std::isfinite(seconds) || seconds < 0) {
      problems.add(fmt::format("window_s or hop_s: found {}, expected 0 or more", seconds));
    }
  }
  if (choice.facts.dim && *choice.facts.dim < 1) {
    problems.add(fmt::format("dim: found {}, expected 1 or more", *choice.facts.dim));
  }
}

}  // namespace

std::optional<LogMelConfig> TorchscriptChoice::log_mel() const {
  if (input != "log_mel") return std::nullopt;
  return front_end(preset).config;
}

TorchscriptChoice torchscript_choice(const Options& options) {
  const auto& path = option<std::string>(options, "model");
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) {
    throw ConfigError(fmt::format("encoder 'torchscript': model: there is no file '{}'", path));
  }
  TorchscriptChoice out;
  out.facts = read_torchscript_facts(path);
  const auto text = [&](const char* name, const std::optional<std::string>& said) {
    const auto& given = option<std::string>(options, name);
    return given.empty() ? said.value_or("") : given;
  };
  const auto number = [&](const char* name, const std::optional<double>& said) {
    const auto given = option<double>(options, name);
    return given < 0 ? said.value_or(0) : given;
  };
  out.input = text("input", out.facts.input);
  out.preset = text("preset", out.facts.preset);
  out.output = text("output", out.facts.output);
  out.sample_rate_hz = number("sample_rate_hz", out.facts.sample_rate_hz);
  out.window_s = number("window_s", out.facts.window_s);
  out.hop_s = number("hop_s", out.facts.hop_s);
  const auto channels = option<std::int64_t>(options, "channels");
  out.channels = channels > 0 ? channels : out.facts.channels.value_or(1);
  Problems problems;
  check(out, problems);
  problems.throw_if_any<ConfigError>("encoder 'torchscript':");
  return out;
}

EncoderInfo Torchscript::static_info() {
  EncoderInfo info;
  info.name = "torchscript";
  info.version = "1";
  info.description = "any PyTorch model, exported by torch.jit.save";
  info.citation = "none of its own: that of whoever made the model";
  info.licence = "that of the file";
  info.sample_rate_hz = 16000;
  info.channels = 1;
  info.foreign = true;
  info.in_child = true;
  info.options = {
      {.name = "model",
       .default_value = std::string(),
       .description = "path of the file",
       .required = true,
       .is_path = true},
      {.name = "input",
       .default_value = std::string(),
       .description =
           "what forward() takes: \"audio\" [channels, N], \"audio_batch\" [1, channels, "
           "N], \"log_mel\" [channels, T, bands] or \"vggish_frames\" [T, 128]; empty: the "
           "file says"},
      {.name = "preset",
       .default_value = std::string(),
       .description = fmt::format("of log_mel, one of {}; empty: the file says",
                                  fmt::join(front_end_names(), ", "))},
      {.name = "output",
       .default_value = std::string(),
       .description =
           "of a forward() that returns a dictionary or a tuple: the key or place (0, 1, "
           "...) of the vectors; empty: the file says, or else the only tensor",
       .came_later = true},
      {.name = "sample_rate_hz",
       .default_value = -1.0,
       .description = "of audio, 1000 to 768000; below 0: the file says"},
      {.name = "channels",
       .default_value = std::int64_t{0},
       .description = "of audio, 1 or 2; 0: the file says, or else 1"},
      {.name = "window_s",
       .default_value = -1.0,
       .description = "seconds that a vector looks at, 0: the clip; below 0: the file says"},
      {.name = "hop_s",
       .default_value = -1.0,
       .description = "seconds between vectors, 0: one a clip; below 0: the file says"}};
  return info;
}

EncoderInfo Torchscript::info_for(const Options& options) {
  const TorchscriptChoice choice = torchscript_choice(options);
  EncoderInfo info = static_info();
  info.input = choice.input == "vggish_frames" ? InputKind::kVggishFrames : InputKind::kPcm;
  if (choice.input == "log_mel") {
    const FrontEnd& preset = front_end(choice.preset);
    info.sample_rate_hz = preset.config.sample_rate_hz;
    info.channels = static_cast<int>(preset.channels);
  } else {
    const bool audio = choice.takes_audio();
    info.sample_rate_hz = audio ? choice.sample_rate_hz : 0;
    info.channels = audio ? static_cast<int>(choice.channels) : 0;
  }
  info.window_s = choice.window_s;
  info.hop_s = choice.hop_s;
  info.dim = static_cast<std::size_t>(choice.facts.dim.value_or(0));
  if (!choice.facts.description.empty()) info.description = choice.facts.description;
  if (!choice.facts.citation.empty()) info.citation = choice.facts.citation;
  if (!choice.facts.licence.empty()) info.licence = choice.facts.licence;
  return info;
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(torchscript, musicrep::Torchscript)

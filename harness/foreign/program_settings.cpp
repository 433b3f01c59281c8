#include "foreign/program_settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "foreign/foreign_encoder.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;
constexpr double kLongest_s = 1e6;
constexpr double kShareOfMemory = 0.9;

const NumberRange kSeconds = NumberRange::between(0, kLongest_s);

std::uint64_t physical_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::optional<WindowRule> ProgramSettings::windows(double sample_rate_hz) const {
  if (window_s <= 0) return std::nullopt;
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::max(1LL, std::llround(seconds * sample_rate_hz)));
  };
  return WindowRule{samples(window_s), samples(window_hop_s), padding};
}

std::vector<OptionSpec> audio_option_specs() {
  return {
      {.name = "input",
       .default_value = std::string("audio"),
       .description = "\"audio\" or \"vggish_frames\" (float32 [T, 128])",
       .one_of = {"audio", "vggish_frames"}},
      {.name = "sample_rate_hz",
       .default_value = 0.0,
       .description = "of the audio that it is given, 1000 to 768000; 0: it says so itself, for "
                      "which it is started when a run is planned",
       .range = NumberRange::between(0, 768000)},
      {.name = "channels",
       .default_value = std::int64_t{0},
       .description = "of the audio that it is given, 1 or 2; 0: it says so itself, or else 1",
       .range = NumberRange::between(0, 2)}};
}

OptionSpec hop_option_spec() {
  return {.name = "hop_s",
          .default_value = 0.0,
          .description =
              "seconds from one window to the next (0: window_s), or without windows "
              "from one of its vectors to the next (0: any number of them)",
          .range = kSeconds};
}

std::vector<OptionSpec> program_option_specs() {
  return {
      {.name = "window_s",
       .default_value = 0.0,
       .description = "long audio is cut into windows of as many seconds, each of which gives "
                      "one vector; 0: it is given whole",
       .came_later = true,
       .range = kSeconds},
      {.name = "padding",
       .default_value = std::string("zeros"),
       .description = "of a last window that the audio does not fill: \"zeros\", \"repeat\" "
                      "(the audio again) or \"drop\" (it is left out)",
       .came_later = true,
       .one_of = {"zeros", "repeat", "drop"}},
      {.name = "max_s",
       .default_value = 0.0,
       .description = "no more than the first seconds are used; 0: all",
       .came_later = true,
       .range = kSeconds},
      {.name = "poolings",
       .default_value = Texts{},
       .description = "of frames over time, in each clip or window: \"mean\", \"std\", \"max\", "
                      "\"mean+std\"; each is a view to select from; empty: frames are kept, "
                      "layers averaged",
       .came_later = true,
       .one_of = {"mean", "std", "max", "mean+std"}},
      {.name = "device",
       .default_value = std::string("cpu"),
       .description = "passed on in the variable MUSICREP_DEVICE: \"cpu\", \"cuda\", \"cuda:1\"",
       .came_later = true},
      {.name = "batch_size",
       .default_value = std::int64_t{16},
       .description = "clips or windows that it is given at a time, 1 or more",
       .practical = true,
       .range = NumberRange::between(1, 1e6)},
      {.name = "memory_limit_gb",
       .default_value = 0.0,
       .description = "memory that it may use with all its processes before it is stopped, in "
                      "units of 10^9 bytes; 0: 90 % of the machine's",
       .practical = true,
       .range = NumberRange::at_least(0)}};
}

ProgramSettings program_settings(const Options& options) {
  ProgramSettings out;
  out.limits.time_s = option<double>(options, kTimeLimitOption);
  const auto gigabytes = option<double>(options, "memory_limit_gb");
  const double memory = gigabytes > 0
                            ? gigabytes * 1e9
                            : kShareOfMemory * static_cast<double>(physical_memory_bytes());
  out.limits.memory_bytes =
      static_cast<std::uint64_t>(std::min(memory, static_cast<double>(1ULL << 62)));
  out.batch_size = static_cast<std::size_t>(option<std::int64_t>(options, "batch_size"));
  out.window_s = option<double>(options, "window_s");
  const auto hop_s = option<double>(options, "hop_s");
  out.window_hop_s = hop_s > 0 ? hop_s : out.window_s;
  const auto& padding = option<std::string>(options, "padding");
  out.padding = padding == "repeat" ? WindowPadding::kRepeat
                : padding == "drop" ? WindowPadding::kDrop
                                    : WindowPadding::kZeros;
  out.poolings = option<Texts>(options, "poolings");
  out.device = option<std::string>(options, "device");
  Problems problems;
  if (option<std::string>(options, "input") != "audio" &&
      (out.window_s > 0 || option<double>(options, "max_s") > 0)) {
    problems.add("window_s and max_s are of audio, found input = \"vggish_frames\"");
  }
  if (std::ranges::any_of(out.device, [](char c) { return c <= ' '; }) || out.device.empty()) {
    problems.add(
        fmt::format("device: found '{}', expected a name such as cpu or cuda", out.device));
  }
  problems.throw_if_any<ConfigError>("options of a program:");
  return out;
}

void set_program_info(const Options& options, const StreamCommand& command, EncoderInfo& info) {
  const ProgramSettings settings = program_settings(options);
  info.hop_s = option<double>(options, "hop_s");
  if (option<std::string>(options, "input") != "audio") {
    info.input = InputKind::kVggishFrames;
    info.sample_rate_hz = 0;
    info.channels = 0;
    return;
  }
  info.input = InputKind::kPcm;
  info.sample_rate_hz = option<double>(options, "sample_rate_hz");
  info.channels = static_cast<int>(option<std::int64_t>(options, "channels"));
  info.max_duration_s = option<double>(options, "max_s");
  if (settings.window_s > 0) {
    info.window_s = settings.window_s;
    info.hop_s = settings.window_hop_s;
  }
  if (info.sample_rate_hz <= 0) {
    StreamHello hello;
    try {
      hello = stream_process(command)->hello(settings.limits);
    } catch (const StreamFailure& failure) {
      throw ForeignFailure(fmt::format("encoder '{}': {}", info.name, failure.what()));
    }
    info.sample_rate_hz = hello.sample_rate_hz;
    if (info.channels == 0) info.channels = hello.channels;
  }
  if (info.channels == 0) info.channels = 1;
  if (info.sample_rate_hz >= 1000) return;
  throw ForeignFailure(
      fmt::format("encoder '{}': found no sample rate of 1000 Hz or more (it says {:g}), expected "
                  "sample_rate_hz in the experiment or from its program",
                  info.name, info.sample_rate_hz));
}

std::vector<std::string> program_environment(const Options& options) {
  return {"MUSICREP_DEVICE=" + option<std::string>(options, "device"), "PYTHONHASHSEED=0",
          "PYTHONDONTWRITEBYTECODE=1"};
}

}  // namespace musicrep

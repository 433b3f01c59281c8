#include "contract/edge_signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "audio/resample.h"
#include "contract/contract.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kFrameWidth = 128;
constexpr double kFrameHopS = 0.96;
constexpr double kLongS = 600;
constexpr const char* kNoSignal = "it looks its vectors up by id";

LoadedSignal constant(std::size_t rows, std::size_t cols, float value) {
  return {std::vector<float>(rows * cols, value), rows, cols};
}

LoadedSignal noise(std::size_t rows, std::size_t cols) {
  Random random(7);
  LoadedSignal out = constant(rows, cols, 0);
  for (float& v : out.values) v = static_cast<float>(random.uniform() - 0.5);
  return out;
}

std::vector<EdgeSignal> without_signals() {
  std::vector<EdgeSignal> out;
  for (const char* check : {kSilenceCheck, kOneSampleCheck, kEmptyCheck}) {
    out.push_back({.check = check, .none = kNoSignal, .what = {}, .item = {}});
  }
  out.push_back({.check = kWrongShapeCheck,
                 .none = {},
                 .what = "an id that there is not",
                 .item = {"no-such-item", {}},
                 .must_refuse = true});
  for (const char* check : {kNotANumberCheck, kSampleRateCheck}) {
    out.push_back({.check = check, .none = kNoSignal, .what = {}, .item = {}});
  }
  return out;
}

EdgeSignal other_rate(const EncoderInfo& info) {
  EdgeSignal out{
      .check = kSampleRateCheck, .none = {}, .what = {}, .item = {"clip-other-rate", {}}};
  if (info.input == InputKind::kVggishFrames) {
    out.none = "frames have a rate of their own";
    return out;
  }
  const double from_hz = info.sample_rate_hz == 44100 ? 48000 : 44100;
  const auto channels = static_cast<std::size_t>(info.channels);
  LoadedSignal signal = noise(channels, static_cast<std::size_t>(from_hz));
  try {
    Pcm pcm = resampled({from_hz, signal.rows, signal.cols, std::move(signal.values)},
                        info.sample_rate_hz, resampler_named(info.resampler));
    out.item.signal = {std::move(pcm.values), pcm.channels, pcm.frames};
    out.what = fmt::format("1 s, brought from {} to {} Hz by {}", from_hz, info.sample_rate_hz,
                           info.resampler);
  } catch (const Error&) {
    out.none = "what it says of its audio cannot be (see metadata)";
  }
  return out;
}

}  // namespace

std::vector<EdgeSignal> edge_signals(const EncoderInfo& info) {
  if (info.input == InputKind::kItemId) return without_signals();
  const bool pcm = info.input == InputKind::kPcm;
  // Rows and columns of a clip: [channels, samples], or [frames, 128].
  const auto rate = static_cast<std::size_t>(info.sample_rate_hz);
  const std::size_t channels = pcm ? static_cast<std::size_t>(std::max(1, info.channels)) : 1;
  const std::size_t rows = pcm ? channels : 10;
  const std::size_t cols = pcm ? 3 * rate : kFrameWidth;
  LoadedSignal wrong = pcm ? noise(channels + 1, cols) : noise(rows, kFrameWidth - 1);
  LoadedSignal bad = noise(rows, cols);
  if (bad.values.size() > 3) bad.values[3] = std::numeric_limits<float>::quiet_NaN();
  std::vector<EdgeSignal> out;
  out.push_back({.check = kSilenceCheck,
                 .none = {},
                 .what = pcm ? "3 s of zeros" : "10 frames of zeros",
                 .item = {"clip-silence", constant(rows, cols, 0)},
                 .may_be_zero = true});
  out.push_back({.check = kOneSampleCheck,
                 .none = {},
                 .what = pcm ? "one sample of 0.5" : "one frame of 0.5",
                 .item = {"clip-one-sample", constant(channels, pcm ? 1 : kFrameWidth, 0.5F)}});
  out.push_back({.check = kEmptyCheck,
                 .none = {},
                 .what = pcm ? "no sample" : "no frame",
                 .item = {"clip-empty", constant(pcm ? channels : 0, pcm ? 0 : kFrameWidth, 0)},
                 .must_refuse = true});
  out.push_back({.check = kWrongShapeCheck,
                 .none = {},
                 .what = pcm ? fmt::format("{} channels", channels + 1) : "frames of 127 values",
                 .item = {"clip-wrong-shape", std::move(wrong)},
                 .must_refuse = true});
  out.push_back({.check = kNotANumberCheck,
                 .none = {},
                 .what = "a value that is no number",
                 .item = {"clip-not-a-number", std::move(bad)},
                 .must_refuse = true});
  out.push_back(other_rate(info));
  return out;
}

std::vector<EdgeSignal> long_signals(const EncoderInfo& info) {
  EdgeSignal out{.check = kVeryLongCheck, .none = {}, .what = {}, .item = {"clip-very-long", {}}};
  switch (info.input) {
    case InputKind::kPcm:
      out.what = fmt::format("{} s of noise", kLongS);
      out.item.signal = noise(static_cast<std::size_t>(std::max(1, info.channels)),
                              static_cast<std::size_t>(kLongS * info.sample_rate_hz));
      break;
    case InputKind::kVggishFrames:
      out.what = fmt::format("{} frames", kLongS / kFrameHopS);
      out.item.signal = noise(static_cast<std::size_t>(kLongS / kFrameHopS), kFrameWidth);
      break;
    case InputKind::kItemId:
      out.none = kNoSignal;
  }
  return {std::move(out)};
}

std::pair<std::size_t, std::size_t> rows_of(const EncoderInfo& info, const LoadedSignal& signal) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  if (info.input == InputKind::kItemId) return {1, kAny};
  if (info.hop_s <= 0) return {1, info.dim == 0 ? kAny : 1};
  double seconds = info.input == InputKind::kPcm
                       ? static_cast<double>(signal.cols) / info.sample_rate_hz
                       : static_cast<double>(signal.rows) * kFrameHopS;
  if (info.max_duration_s > 0) seconds = std::min(seconds, info.max_duration_s);
  // Models that others wrote lose a frame or two at the ends, by layers without padding.
  const double lost = info.foreign ? 2 : 0;
  const double fewest = std::max(1.0, std::floor((seconds - info.window_s) / info.hop_s) - lost);
  return {static_cast<std::size_t>(fewest),
          static_cast<std::size_t>(std::ceil(seconds / info.hop_s) + 1)};
}

std::string one_line(const std::string& message) {
  constexpr std::size_t kMost = 240;
  std::string line = message.substr(0, message.find('\n'));
  if (line.size() <= kMost) return line;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // UTF-8
  return line.substr(0, end) + "…";
}

}  // namespace musicrep

#include "patches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "musicrep/error.h"

namespace musicrep {
namespace {

// What mirroring half a frame needs.
constexpr std::size_t kFewestSamples = 1024;

}  // namespace

LastPatch last_patch_by_name(const std::string& name) {
  if (name == "drop") return LastPatch::kDrop;
  if (name == "zero-db") return LastPatch::kZeroDb;
  throw ConfigError("mtlmr: last_patch: found '" + name + "', expected drop or zero-db");
}

void check_stereo(const Signal& signal) {
  if (signal.rows < 1 || signal.rows > 2 || signal.cols == 0 ||
      signal.values.size() != signal.rows * signal.cols) {
    throw DataError(
        fmt::format("mtlmr: item '{}': found {} channels of {} samples, expected 1 or 2 channels "
                    "of at least 1 sample",
                    signal.id, signal.rows, signal.cols));
  }
  const auto bad = std::ranges::find_if(signal.values, [](float x) { return !std::isfinite(x); });
  if (bad != signal.values.end()) {
    const auto place = static_cast<std::size_t>(bad - signal.values.begin());
    throw DataError(
        fmt::format("mtlmr: item '{}': found the sample {} at place {} of channel {}, expected a "
                    "number",
                    signal.id, *bad, place % signal.cols, place / signal.cols));
  }
}

Spectrogram mtlmr_spectrogram(const LogMel& front_end, const Signal& signal) {
  check_stereo(signal);
  std::span<const float> samples = signal.values;
  std::vector<float> longer;
  if (signal.cols < kFewestSamples) {
    longer.assign(signal.rows * kFewestSamples, 0.0F);
    for (std::size_t c = 0; c < signal.rows; ++c) {
      std::ranges::copy(signal.values.subspan(c * signal.cols, signal.cols),
                        longer.begin() + static_cast<std::ptrdiff_t>(c * kFewestSamples));
    }
    samples = longer;
  }
  Spectrogram mel = front_end.compute(samples, signal.rows);
  if (mel.channels == 1) {
    mel.values.resize(2 * mel.frames * mel.bins);
    std::copy_n(mel.values.begin(), mel.frames * mel.bins,
                mel.values.begin() + static_cast<std::ptrdiff_t>(mel.frames * mel.bins));
    mel.channels = 2;
  }
  return mel;
}

std::vector<float> cut_patches(const Spectrogram& mel, LastPatch last_patch) {
  assert(mel.channels == 2 && mel.bins == kPatchBins && mel.frames > 0);
  const std::size_t whole = mel.frames / kPatchFrames;
  const bool rest = mel.frames % kPatchFrames != 0;
  const bool fill_up = rest && (last_patch == LastPatch::kZeroDb || whole == 0);
  const double filler =
      last_patch == LastPatch::kZeroDb ? 0 : *std::ranges::min_element(mel.values);
  const std::size_t n = whole + (fill_up ? 1 : 0);
  std::vector<float> out(n * kPatchValues, static_cast<float>(filler));
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = i * kPatchFrames;
    const std::size_t count = std::min(kPatchFrames, mel.frames - first);
    for (std::size_t c = 0; c < 2; ++c) {
      const std::span<const double> rows = mel.rows(c, first, count);
      std::ranges::transform(rows,
                             out.begin() + static_cast<std::ptrdiff_t>(
                                               i * kPatchValues + c * kPatchFrames * kPatchBins),
                             [](double x) { return static_cast<float>(x); });
    }
  }
  return out;
}

}  // namespace musicrep

#include "patches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/check_pcm.h"
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

Spectrogram mtlmr_spectrogram(const LogMel& front_end, const Signal& signal) {
  check_pcm("mtlmr", signal, 2);
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

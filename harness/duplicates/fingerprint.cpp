#include "duplicates/fingerprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "audio/decode.h"
#include "audio/resample.h"
#include "frontend/stft.h"

namespace musicrep {
namespace {

constexpr std::size_t kFrame = 2048;
constexpr std::size_t kBands = 33;
constexpr double kLowHz = 300;
constexpr double kHighHz = 2000;
constexpr double kMostS = 600;
constexpr double kSilence = 1e-6;  // of the loudest frame's power: -60 dB

using Energies = std::array<double, kBands>;

/// First bins of the bands, and one beyond the last.
std::array<std::size_t, kBands + 1> band_edges() {
  std::array<std::size_t, kBands + 1> edges{};
  for (std::size_t b = 0; b <= kBands; ++b) {
    const double hz =
        kLowHz * std::pow(kHighHz / kLowHz, static_cast<double>(b) / static_cast<double>(kBands));
    edges[b] = static_cast<std::size_t>(std::lround(hz * kFrame / kFingerprintRateHz));
  }
  return edges;
}

}  // namespace

AudioFingerprint fingerprint(std::span<const float> samples) {
  static const std::array<std::size_t, kBands + 1> kEdges = band_edges();
  static const Stft kStft({.n_fft = kFrame, .hop = kFingerprintHop, .padding = StftPadding::kNone});
  AudioFingerprint out;
  std::vector<double> power;
  Energies before{};
  kStft.for_each_frame(samples, [&](std::size_t frame, std::span<const double> spectrum) {
    Energies now{};
    for (std::size_t b = 0; b < kBands; ++b) {
      for (std::size_t k = kEdges[b]; k < kEdges[b + 1]; ++k) now[b] += spectrum[k];
    }
    if (frame > 0) {
      std::uint32_t word = 0;
      for (std::size_t b = 0; b + 1 < kBands; ++b) {
        const bool rises = now[b] - now[b + 1] > before[b] - before[b + 1];
        word = word << 1U | (rises ? 1U : 0U);
      }
      out.words.push_back(word);
      power.push_back(std::accumulate(now.begin(), now.end(), 0.0));
    }
    before = now;
  });
  const double loudest = power.empty() ? 0 : std::ranges::max(power);
  for (const double p : power) out.audible.push_back(p > 0 && p >= kSilence * loudest);
  return out;
}

AudioFingerprint fingerprint_file(const std::filesystem::path& path) {
  const Pcm pcm = resampled(decode_audio(path, {.channels = 1, .max_duration_s = kMostS}),
                            kFingerprintRateHz, ResamplerKind::kSoxrHq);
  return fingerprint(pcm.values);
}

}  // namespace musicrep

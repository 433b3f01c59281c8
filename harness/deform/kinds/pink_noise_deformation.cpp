// Normal noise whose power falls by 3 dB per octave from 20 Hz on, and is even below.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "deform/deformation.h"
#include "deform/signal.h"

namespace musicrep {
namespace {

constexpr double kLowestHz = 20;

// One channel of `frames` samples.
std::vector<double> pink(std::size_t frames, double sample_rate_hz, Random& random) {
  const std::size_t n = transform_size(frames);
  std::vector<std::complex<double>> values(n);
  for (auto& v : values) v = random.normal();
  values = transform(values, false);
  for (std::size_t k = 0; k < n; ++k) {
    const auto bin = static_cast<double>(std::min(k, n - k));
    const double hz = bin * sample_rate_hz / static_cast<double>(n);
    values[k] /= std::sqrt(std::max(hz, kLowestHz));
  }
  values = transform(values, true);
  std::vector<double> out(frames);
  for (std::size_t i = 0; i < frames; ++i) out[i] = values[i].real();
  return out;
}

Pcm apply(Pcm pcm, const Options& options, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> noise;
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    const std::vector<double> channel = pink(pcm.frames, pcm.sample_rate_hz, random);
    noise.insert(noise.end(), channel.begin(), channel.end());
  }
  return with_noise(std::move(pcm), noise, option<double>(options, "snr_db"));
}

std::string text(const Options& options) {
  return fmt::format("pink noise, {} dB SNR", option<double>(options, "snr_db"));
}

}  // namespace

extern const DeformationKind pink_noise_deformation = {
    .name = "pink_noise",
    .description = "normal noise, 3 dB less per octave from 20 Hz on",
    .options = {{.name = "snr_db",
                 .default_value = 20.0,
                 .description = "signal-to-noise ratio of the whole clip in dB, -60 to 120",
                 .required = true,
                 .range = NumberRange::between(-60, 120)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

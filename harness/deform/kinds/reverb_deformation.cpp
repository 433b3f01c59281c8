// A room that is none: the impulse response is 1 at its beginning, then normal noise that decays
// exponentially, by 60 dB in `t60_s`, and ends there. One response an item, the same for all its
// channels; the clip keeps its length.
#include <fmt/format.h>

#include <cmath>

#include "core/random.h"
#include "deform/deformation.h"
#include "deform/signal.h"

namespace musicrep {
namespace {

// Its tail has the energy 10^(-direct_db / 10) of the direct sound.
std::vector<std::complex<double>> response(const Options& options, double sample_rate_hz,
                                           std::uint64_t seed) {
  const double t60_s = option<double>(options, "t60_s");
  const auto n = static_cast<std::size_t>(std::llround(t60_s * sample_rate_hz));
  Random random(seed);
  std::vector<std::complex<double>> out = {1};
  double energy = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    const double v =
        random.normal() * from_decibel(-60.0 * static_cast<double>(i) / static_cast<double>(n));
    energy += v * v;
    out.emplace_back(v);
  }
  const double factor = from_decibel(-option<double>(options, "direct_db")) / std::sqrt(energy);
  for (std::size_t i = 1; i <= n; ++i) out[i] *= factor;
  return out;
}

Pcm apply(Pcm pcm, const Options& options, std::uint64_t seed) {
  std::vector<std::complex<double>> h = response(options, pcm.sample_rate_hz, seed);
  const std::size_t n = transform_size(pcm.frames + h.size());
  h.resize(n);
  h = transform(h, false);
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    std::vector<std::complex<double>> x(n);
    for (std::size_t i = 0; i < pcm.frames; ++i) x[i] = pcm.channel(c)[i];
    x = transform(x, false);
    for (std::size_t k = 0; k < n; ++k) x[k] *= h[k];
    x = transform(x, true);
    for (std::size_t i = 0; i < pcm.frames; ++i) {
      pcm.values[c * pcm.frames + i] = static_cast<float>(x[i].real());
    }
  }
  return pcm;
}

std::string text(const Options& options) {
  return fmt::format("reverb, T60 {} s, direct {:+} dB", option<double>(options, "t60_s"),
                     option<double>(options, "direct_db"));
}

}  // namespace

extern const DeformationKind reverb_deformation = {
    .name = "reverb",
    .description = "synthetic reverberation: exponentially decaying noise",
    .options = {{.name = "t60_s",
                 .default_value = 0.5,
                 .description = "seconds in which the tail decays by 60 dB, 0.01 to 20",
                 .required = true,
                 .range = NumberRange::between(0.01, 20)},
                {.name = "direct_db",
                 .default_value = 0.0,
                 .description = "energy of the direct sound less that of the tail in dB, -40 to 40",
                 .range = NumberRange::between(-40, 40)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

// A Butterworth low-pass of order 8 by the bilinear transform, as four sections: scipy.signal's
// butter(8, cutoff_hz, fs = rate) with sosfilt(), from rest.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "deform/deformation.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr int kOrder = 8;

struct Section {
  double b0, b1, b2, a1, a2;
};

// The k-th pair of poles.
Section section(int k, double cutoff_hz, double sample_rate_hz) {
  const double angle = std::numbers::pi * (2 * k + 1) / (2 * kOrder);
  const double w = std::tan(std::numbers::pi * cutoff_hz / sample_rate_hz);
  const double damping = 2 * std::sin(angle);
  const double a0 = 1 + damping * w + w * w;
  return {w * w / a0, 2 * w * w / a0, w * w / a0, 2 * (w * w - 1) / a0,
          (1 - damping * w + w * w) / a0};
}

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  const double cutoff_hz = option<double>(options, "cutoff_hz");
  if (cutoff_hz >= pcm.sample_rate_hz / 2) {
    throw DataError(
        fmt::format("found a sample rate of {} Hz, expected above {} Hz, twice the "
                    "cut-off",
                    pcm.sample_rate_hz, 2 * cutoff_hz));
  }
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    const std::span<float> channel = std::span(pcm.values).subspan(c * pcm.frames, pcm.frames);
    std::vector<double> x(channel.begin(), channel.end());
    for (int k = 0; k < kOrder / 2; ++k) {
      const Section s = section(k, cutoff_hz, pcm.sample_rate_hz);
      double z1 = 0;
      double z2 = 0;
      for (double& v : x) {  // transposed direct form 2
        const double y = s.b0 * v + z1;
        z1 = s.b1 * v - s.a1 * y + z2;
        z2 = s.b2 * v - s.a2 * y;
        v = y;
      }
    }
    for (std::size_t i = 0; i < pcm.frames; ++i) channel[i] = static_cast<float>(x[i]);
  }
  return pcm;
}

std::string text(const Options& options) {
  return fmt::format("low-pass, {} Hz", option<double>(options, "cutoff_hz"));
}

}  // namespace

extern const DeformationKind low_pass_deformation = {
    .name = "low_pass",
    .description = "Butterworth low-pass of order 8",
    .options = {{.name = "cutoff_hz",
                 .default_value = 4000.0,
                 .description = "frequency in Hz that loses 3 dB, below half the sample rate",
                 .required = true,
                 .range = NumberRange::between(1, 1e6)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

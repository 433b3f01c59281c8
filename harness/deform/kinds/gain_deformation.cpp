// Louder or quieter. Nothing is clipped: encoders take floating-point samples.
#include <fmt/format.h>

#include "deform/deformation.h"
#include "deform/signal.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  const double factor = from_decibel(option<double>(options, "db"));
  for (float& v : pcm.values) v = static_cast<float>(v * factor);
  return pcm;
}

std::string text(const Options& options) {
  return fmt::format("gain, {:+} dB", option<double>(options, "db"));
}

}  // namespace

extern const DeformationKind gain_deformation = {
    .name = "gain",
    .description = "louder or quieter, unclipped",
    .options = {{.name = "db",
                 .default_value = 0.0,
                 .description = "gain in dB, -100 to 100",
                 .required = true,
                 .range = NumberRange::between(-100, 100)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

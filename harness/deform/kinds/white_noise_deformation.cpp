// Normal noise of equal power at all frequencies.
#include <fmt/format.h>

#include "core/random.h"
#include "deform/deformation.h"
#include "deform/signal.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> noise(pcm.values.size());
  for (double& v : noise) v = random.normal();
  return with_noise(std::move(pcm), noise, option<double>(options, "snr_db"));
}

std::string text(const Options& options) {
  return fmt::format("white noise, {} dB SNR", option<double>(options, "snr_db"));
}

}  // namespace

extern const DeformationKind white_noise_deformation = {
    .name = "white_noise",
    .description = "normal noise, equal power per hertz",
    .options = {{.name = "snr_db",
                 .default_value = 20.0,
                 .description = "signal-to-noise ratio of the whole clip in dB, -60 to 120",
                 .required = true,
                 .range = NumberRange::between(-60, 120)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

// Samples beyond a limit are cut to it. The limit is a share of the clip's peak, or follows from
// overdrive, which then restores the peak, as an amplifier with too much gain does.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "deform/deformation.h"
#include "deform/signal.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  const double share = option<double>(options, "share");
  const double gain = share > 0 ? 1 : from_decibel(option<double>(options, "overdrive_db"));
  double peak = 0;
  for (const float v : pcm.values) peak = std::max(peak, std::abs(static_cast<double>(v)));
  const double limit = share > 0 ? share * peak : peak;
  for (float& v : pcm.values) v = static_cast<float>(std::clamp(v * gain, -limit, limit));
  return pcm;
}

std::string text(const Options& options) {
  const double share = option<double>(options, "share");
  return share > 0
             ? fmt::format("clipping at {} of the peak", share)
             : fmt::format("clipping, {} dB overdrive", option<double>(options, "overdrive_db"));
}

void check(const Options& options) {
  if ((option<double>(options, "share") > 0) != (option<double>(options, "overdrive_db") > 0)) {
    return;
  }
  throw ConfigError("expected one of share and overdrive_db, found both or none");
}

}  // namespace

extern const DeformationKind clipping_deformation = {
    .name = "clipping",
    .description = "samples beyond a limit are cut to it",
    .options = {{.name = "share",
                 .default_value = 0.0,
                 .description = "limit as a share of the clip's peak, above 0 to 1",
                 .range = NumberRange::between(0, 1)},
                {.name = "overdrive_db",
                 .default_value = 0.0,
                 .description = "gain in dB before samples are cut at the clip's peak, up to 100",
                 .range = NumberRange::between(0, 100)}},
    .text = text,
    .apply = apply,
    .check = check,
};

}  // namespace musicrep

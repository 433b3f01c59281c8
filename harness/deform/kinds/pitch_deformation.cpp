// Higher or lower at the same tempo, by the Rubber Band library.
#include <fmt/format.h>

#include <cmath>

#include "deform/deformation.h"
#include "deform/stretch.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  return stretched(pcm, 1, std::exp2(option<double>(options, "semitones") / 12));
}

std::string text(const Options& options) {
  return fmt::format("pitch, {:+} semitones", option<double>(options, "semitones"));
}

void check(const Options&) { require_stretching(); }

}  // namespace

extern const DeformationKind pitch_deformation = {
    .name = "pitch",
    .description = "higher or lower at the same tempo (Rubber Band)",
    .options = {{.name = "semitones",
                 .default_value = 1.0,
                 .description = "up in semitones, -24 to 24",
                 .required = true,
                 .range = NumberRange::between(-24, 24)}},
    .text = text,
    .apply = apply,
    .check = check,
    .library = stretching_library,
};

}  // namespace musicrep

// Faster or slower at the same pitch, by the Rubber Band library.
#include <fmt/format.h>

#include "deform/deformation.h"
#include "deform/stretch.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  return stretched(pcm, 1 / option<double>(options, "ratio"), 1);
}

std::string text(const Options& options) {
  return fmt::format("tempo, times {}", option<double>(options, "ratio"));
}

void check(const Options&) { require_stretching(); }

}  // namespace

extern const DeformationKind tempo_deformation = {
    .name = "tempo",
    .description = "faster or slower at the same pitch (Rubber Band)",
    .options = {{.name = "ratio",
                 .default_value = 1.1,
                 .description = "new tempo as a multiple of the old one, 0.25 to 4",
                 .required = true,
                 .range = NumberRange::between(0.25, 4)}},
    .text = text,
    .apply = apply,
    .check = check,
    .library = stretching_library,
};

}  // namespace musicrep

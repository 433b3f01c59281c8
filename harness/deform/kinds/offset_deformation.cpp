// The clip begins later.
#include <fmt/format.h>

#include <cmath>

#include "deform/deformation.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  const double offset_s = option<double>(options, "offset_s");
  const auto skipped = static_cast<std::size_t>(std::llround(offset_s * pcm.sample_rate_hz));
  if (skipped >= pcm.frames) {
    throw DataError(fmt::format("found {:.6g} s of audio, expected more than the offset of {} s",
                                pcm.duration_s(), offset_s));
  }
  Pcm out = {pcm.sample_rate_hz, pcm.channels, pcm.frames - skipped, {}};
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    const std::span<const float> left = pcm.channel(c).subspan(skipped);
    out.values.insert(out.values.end(), left.begin(), left.end());
  }
  return out;
}

std::string text(const Options& options) {
  return fmt::format("offset, {} s", option<double>(options, "offset_s"));
}

}  // namespace

extern const DeformationKind offset_deformation = {
    .name = "offset",
    .description = "the clip begins later",
    .options = {{.name = "offset_s",
                 .default_value = 1.0,
                 .description = "seconds left out at the beginning, above 0",
                 .required = true,
                 .range = NumberRange::between(1e-3, 1e5)}},
    .text = text,
    .apply = apply,
};

}  // namespace musicrep

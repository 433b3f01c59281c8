// Coded as Ogg Vorbis and decoded, by libsndfile. Vorbis has qualities, which libsndfile passes on,
// and no constant bit rate.
#include <fmt/format.h>

#include "deform/codec.h"
#include "deform/deformation.h"

namespace musicrep {
namespace {

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  return coded(pcm, Codec::kVorbis, 1 - option<double>(options, "quality") / 10);
}

std::string text(const Options& options) {
  return fmt::format("ogg, quality {}", option<double>(options, "quality"));
}

std::string lacks() { return codec_lacks(Codec::kVorbis); }

}  // namespace

extern const DeformationKind ogg_deformation = {
    .name = "ogg",
    .description = "coded as Ogg Vorbis, and decoded",
    .options = {{.name = "quality",
                 .default_value = 5.0,
                 .description = "of Vorbis, 0 to 10: at 44.1 kHz stereo about 64 to 500 kbit/s, 5 "
                                "is 160",
                 .required = true,
                 .range = NumberRange::between(0, 10)}},
    .text = text,
    .apply = apply,
    .lacks = lacks,
    .library = codec_library,
};

}  // namespace musicrep

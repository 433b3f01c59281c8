// Coded as mp3 at a constant bit rate and decoded, by libsndfile (1.1 and later: LAME and
// libmpg123).
#include <fmt/format.h>

#include "deform/codec.h"
#include "deform/deformation.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

// libsndfile has one number from 0 to 1 in place of the bit rate, which depends on the sample rate
// (mpeg_l3_encode.c): between these two in kbit/s.
struct Rates {
  double best, worst;
};

Rates rates_at(double sample_rate_hz) {
  if (sample_rate_hz >= 32000) return {320, 32};
  return sample_rate_hz >= 16000 ? Rates{160, 8} : Rates{64, 8};
}

Pcm apply(Pcm pcm, const Options& options, std::uint64_t) {
  const auto kbps = static_cast<double>(option<std::int64_t>(options, "bit_rate_kbps"));
  const Rates rates = rates_at(pcm.sample_rate_hz);
  if (kbps > rates.best || kbps < rates.worst) {
    throw DataError(fmt::format("found a bit rate of {} kbit/s, expected {} to {} at {} Hz", kbps,
                                rates.worst, rates.best, pcm.sample_rate_hz));
  }
  return coded(pcm, Codec::kMp3, (rates.best - kbps) / (rates.best - rates.worst));
}

std::string text(const Options& options) {
  return fmt::format("mp3, {} kbit/s", option<std::int64_t>(options, "bit_rate_kbps"));
}

std::string lacks() { return codec_lacks(Codec::kMp3); }

}  // namespace

extern const DeformationKind mp3_deformation = {
    .name = "mp3",
    .description = "coded as mp3 at a constant bit rate, and decoded",
    .options = {{.name = "bit_rate_kbps",
                 .default_value = std::int64_t{128},
                 .description = "bit rate in kbit/s, of all channels: 32 to 320 from 32 kHz on, 8 "
                                "to 160 from 16 kHz on, else 8 to 64",
                 .required = true,
                 .range = NumberRange::between(8, 320)}},
    .text = text,
    .apply = apply,
    .lacks = lacks,
    .library = codec_library,
};

}  // namespace musicrep

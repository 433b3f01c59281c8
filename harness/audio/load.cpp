#include "audio/load.h"

#include <cassert>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "audio/mix.h"
#include "audio/resample.h"
#include "musicrep/error.h"

namespace musicrep {

Pcm load_audio(const std::filesystem::path& path, const EncoderInfo& info, std::size_t max_values) {
  assert(info.input == InputKind::kPcm && info.channels > 0 && info.sample_rate_hz > 0);
  const ResamplerKind kind = resampler_named(info.resampler);
  const DecodeOptions options = {.channels = static_cast<std::size_t>(info.channels),
                                 .max_duration_s = info.max_duration_s,
                                 .max_values = max_values};
  Pcm pcm = decode_audio(path, options);
  try {
    return resampled(std::move(pcm), info.sample_rate_hz, kind);
  } catch (const DataError& error) {
    throw DataError("'" + path.string() + "': " + error.what());
  }
}

Pcm load_audio(const std::filesystem::path& path, const EncoderInfo& info,
               const std::function<Pcm(Pcm)>& deform) {
  assert(info.input == InputKind::kPcm && info.channels > 0 && info.sample_rate_hz > 0);
  try {
    Pcm pcm = mixed(deform(decode_audio(path)), static_cast<std::size_t>(info.channels));
    // As decode_audio() cuts.
    const auto most =
        static_cast<std::size_t>(std::lround(info.max_duration_s * pcm.sample_rate_hz));
    if (most > 0 && pcm.frames > most) {
      Pcm cut = {pcm.sample_rate_hz, pcm.channels, most, {}};
      for (std::size_t c = 0; c < pcm.channels; ++c) {
        const std::span<const float> kept = pcm.channel(c).first(most);
        cut.values.insert(cut.values.end(), kept.begin(), kept.end());
      }
      pcm = std::move(cut);
    }
    return resampled(std::move(pcm), info.sample_rate_hz, resampler_named(info.resampler));
  } catch (const DataError& error) {
    const std::string file = "'" + path.string() + "'";
    const std::string what = error.what();
    throw DataError(what.starts_with(file) ? what : file + ": " + what);
  }
}

}  // namespace musicrep

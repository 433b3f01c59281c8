#include "audio/load.h"

#include <cassert>
#include <utility>

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

}  // namespace musicrep

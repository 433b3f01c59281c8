#include "audio/examine.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "core/stop.h"

namespace musicrep {

AudioExamination examine_audio(const std::filesystem::path& path) {
  static_assert(std::endian::native == std::endian::little, "the hash is of little-endian floats");
  AudioReader reader(path);
  AudioExamination out;
  out.info = reader.info();
  out.info.frames = 0;
  Sha256 sha;
  sha.update_text(
      fmt::format("pcm float32 {} Hz {} channels", out.info.sample_rate_hz, out.info.channels));
  constexpr std::size_t kBlockValues = std::size_t{1} << 16;
  std::vector<float> block(std::max<std::size_t>(1, kBlockValues / out.info.channels) *
                           out.info.channels);
  while (const std::size_t got = reader.read(block)) {
    throw_if_stop_requested();
    const std::span<float> samples = std::span(block).first(got * out.info.channels);
    for (float& sample : samples) {
      sample += 0.0F;  // -0 and 0 are one sound, and integers know no -0
      out.peak = std::max(out.peak, std::abs(sample));
    }
    sha.update(
        std::string_view(reinterpret_cast<const char*>(samples.data()), samples.size_bytes()));
    out.info.frames += got;
  }
  out.pcm_sha256 = sha.hex();
  return out;
}

}  // namespace musicrep

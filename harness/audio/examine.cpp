#include "audio/examine.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "audio/mix.h"
#include "core/hash.h"
#include "core/stop.h"

namespace musicrep {
namespace {

constexpr float kFullScale = 32767.0F / 32768.0F;  // the highest sample of 16 bit
constexpr std::size_t kShortestPlateau = 3;        // samples; one or two may be a mere peak

/// Finds plateaus at full scale in one channel.
class ClipCounter {
 public:
  void add(float sample) {
    if (std::abs(sample) >= kFullScale) {
      ++run_;
      return;
    }
    end();
  }
  std::size_t clipped() {
    end();
    return clipped_;
  }

 private:
  void end() {
    if (run_ >= kShortestPlateau) clipped_ += run_;
    run_ = 0;
  }
  std::size_t run_ = 0;
  std::size_t clipped_ = 0;
};

}  // namespace

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
  std::vector<ClipCounter> counters(out.info.channels);
  const Mixer mixer(out.info.channels, out.info.speakers, 1);
  std::vector<std::vector<float>> mono(1);
  std::optional<float> first;
  out.is_constant = true;
  while (const std::size_t got = reader.read(block)) {
    throw_if_stop_requested();
    const std::span<float> samples = std::span(block).first(got * out.info.channels);
    if (!first) first = samples[0];
    for (std::size_t i = 0; i < samples.size(); ++i) {
      float& sample = samples[i];
      sample += 0.0F;  // -0 and 0 are one sound, and integers know no -0
      out.peak = std::max(out.peak, std::abs(sample));
      out.is_constant = out.is_constant && sample == *first;
      counters[i % out.info.channels].add(sample);
    }
    mono[0].clear();
    mixer.append(samples, mono);
    for (const float sample : mono[0]) out.mono_peak = std::max(out.mono_peak, std::abs(sample));
    sha.update(
        std::string_view(reinterpret_cast<const char*>(samples.data()), samples.size_bytes()));
    out.info.frames += got;
  }
  std::size_t clipped = 0;
  for (ClipCounter& counter : counters) clipped += counter.clipped();
  out.clipped_share = static_cast<double>(clipped) / static_cast<double>(std::max<std::size_t>(
                                                         1, out.info.frames * out.info.channels));
  out.pcm_sha256 = sha.hex();
  return out;
}

}  // namespace musicrep

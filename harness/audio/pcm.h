// Decoded audio.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// Planar PCM audio, row-major [channels, frames]. Full scale is [-1, 1]; floating-point files and
/// lossy formats may go a little beyond.
struct Pcm {
  double sample_rate_hz = 0;
  std::size_t channels = 0;
  std::size_t frames = 0;     ///< samples of one channel
  std::vector<float> values;  ///< [channels, frames]

  [[nodiscard]] double duration_s() const { return static_cast<double>(frames) / sample_rate_hz; }
  [[nodiscard]] std::span<const float> channel(std::size_t c) const {
    assert(c < channels);
    return std::span(values).subspan(c * frames, frames);
  }
};

}  // namespace musicrep

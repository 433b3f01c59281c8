// What the front ends hand on.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// Row-major [channels, frames, bins]. Double, so that each step is exact to well below float32,
/// whatever the range of the spectrum.
struct Spectrogram {
  std::size_t channels = 0;
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<double> values;

  /// `count` frames of a channel from `first` on: [count, bins], contiguous.
  [[nodiscard]] std::span<const double> rows(std::size_t channel, std::size_t first,
                                             std::size_t count) const {
    assert(channel < channels && first + count <= frames);
    return std::span(values).subspan((channel * frames + first) * bins, count * bins);
  }
  [[nodiscard]] std::span<const double> row(std::size_t channel, std::size_t frame) const {
    return rows(channel, frame, 1);
  }
};

/// How many windows of `length` frames, one each `hop` frames, lie whole within `frames`.
inline std::size_t count_patches(std::size_t frames, std::size_t length, std::size_t hop) {
  return frames < length ? 0 : 1 + (frames - length) / hop;
}

}  // namespace musicrep

// VGGish frames that a data set offers instead of audio.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace musicrep {

/// For each item a block [T_i, 128] of VGGish frames, one each 0.96 s, as 8 bit numbers: a quarter
/// of the memory of floats, and just what AudioSet's release holds.
class FrameTable {
 public:
  static constexpr std::size_t kWidth = 128;

  /// `space` names the weights, output end and post-processing that the frames came from.
  explicit FrameTable(std::string space) : space_(std::move(space)) {}
  [[nodiscard]] const std::string& space() const { return space_; }

  /// Adds an item of 1 frame or more; `bytes` is row-major [T, 128].
  void add(std::span<const std::uint8_t> bytes);

  /// The number of items.
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  /// T of item i.
  [[nodiscard]] std::size_t rows(std::size_t i) const { return bytes(i).size() / kWidth; }
  /// The quantised frames of item i, row-major [T, 128].
  [[nodiscard]] std::span<const std::uint8_t> bytes(std::size_t i) const;
  /// The frames of item i, row-major [T, 128]: q * 4 / 255 - 2, in [-2, 2] (the inverse of
  /// VGGish's post-processing in tensorflow/models, research/audioset/vggish).
  [[nodiscard]] std::vector<float> dequantised(std::size_t i) const;

  /// Items in the order of `items`.
  [[nodiscard]] FrameTable select(std::span<const std::size_t> items) const;

  /// SHA-256 (hex) of all items' lengths and bytes.
  [[nodiscard]] std::string sha256() const;

 private:
  std::string space_;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> ends_;  // of each item in bytes_
};

}  // namespace musicrep

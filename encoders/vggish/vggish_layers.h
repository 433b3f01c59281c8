// The layers of VGGish, as numbers. Standard library alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace musicrep {

/// What the network looks at: patches of 96 frames of 64 mel bands.
inline constexpr std::int64_t kVggishPatchFrames = 96;
inline constexpr std::int64_t kVggishPatchBands = 64;
/// What one patch looks at: 96 windows of 400 samples, one each 160.
inline constexpr std::size_t kVggishPatchSamples = 15600;
/// Numbers of the output, for each patch.
inline constexpr std::int64_t kVggishDim = 128;

/// A convolution of 3 x 3, with zeros around so that the map keeps its size, and a ReLU; then,
/// where `pooled`, the maximum of each 2 x 2.
struct VggishConvolution {
  std::string name;
  std::int64_t in = 0;   ///< channels
  std::int64_t out = 0;  ///< channels
  bool pooled = false;
};

/// A fully connected layer; a ReLU follows all but the last.
struct VggishDense {
  std::string name;
  std::int64_t in = 0;
  std::int64_t out = 0;
};

/// The network of Hershey et al., "CNN Architectures for Large-Scale Audio Classification" (ICASSP
/// 2017), as tensorflow/models research/audioset/vggish has it. Names are those of its variables
/// with '_' for '/': conv1, conv2, conv3_1, conv3_2, conv4_1, conv4_2, fc1_1, fc1_2, fc2.
///
/// `width` scales it: 1 is the published one. Below 1 every convolution has width times as many
/// channels, and the fully connected layers, which hold 93 % of the parameters, shrink faster:
/// 2048 * width units instead of 4096: 1024 at 1/2, 512 at 1/4, 256 at 1/8. The output stays at
/// 128.
struct VggishLayers {
  explicit VggishLayers(double width);
  std::vector<VggishConvolution> convolutions;
  std::vector<VggishDense> dense;

  /// Parameters in all: 72,141,184 at width 1.
  [[nodiscard]] std::size_t n_parameters() const;
};

/// The widths that there are, widest first.
inline constexpr double kVggishWidths[] = {1, 0.5, 0.25, 0.125};

}  // namespace musicrep

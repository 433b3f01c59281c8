// What comes after VGGish: principal components, and eight bits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace musicrep {

/// y = E (x - mean), with whitening where E has it (vggish_pca_params.npz has).
struct VggishPca {
  std::vector<float> eigen_vectors;  ///< E, row-major [128, 128], a component a row
  std::vector<float> means;          ///< [128]

  /// [128] to [128]; sums in double.
  void apply(std::span<const float> x, std::span<double> y) const;
};

/// How a number becomes a whole one.
enum class VggishRounding {
  kTruncate,  ///< towards zero: tensorflow/models' vggish_postprocess.py
  kNearest,   ///< to the nearest, halves to even: torchvggish
};

/// clip(y, -2, 2), then (y + 2) * 63.75 as a whole number in [0, 255]: post-processing of
/// tensorflow/models research/audioset/vggish, vggish_postprocess.py.
std::uint8_t vggish_quantised(double y, VggishRounding rounding);

/// q * 4 / 255 - 2, in [-2, 2].
double vggish_dequantised(std::uint8_t q);

/// Principal components with whitening of `rows` embeddings [rows, 128], rows >= 2. Component i is
/// an eigenvector of their covariance (sum over rows - 1), the greatest variance first, over its
/// standard deviation, so that each has variance 1; its largest element is positive. Directions
/// with less than 1e-4 of the greatest variance, as dead units make them, are divided as if they
/// had that much: they stay small instead of becoming noise. All zero where nothing varies.
VggishPca fit_vggish_pca(std::span<const float> embeddings, std::size_t rows);

}  // namespace musicrep

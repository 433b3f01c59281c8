#include "vggish_postprocess.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "vggish_layers.h"

namespace musicrep {
namespace {

constexpr std::size_t kDim = kVggishDim;

}  // namespace

void VggishPca::apply(std::span<const float> x, std::span<double> y) const {
  assert(x.size() == kDim && y.size() == kDim);
  for (std::size_t i = 0; i < kDim; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < kDim; ++j) {
      const double centred = static_cast<double>(x[j]) - static_cast<double>(means[j]);
      sum += static_cast<double>(eigen_vectors[i * kDim + j]) * centred;
    }
    y[i] = sum;
  }
}

std::uint8_t vggish_quantised(double y, VggishRounding rounding) {
  const double scaled = (std::clamp(y, -2.0, 2.0) + 2) * 63.75;
  return static_cast<std::uint8_t>(rounding == VggishRounding::kNearest ? std::nearbyint(scaled)
                                                                        : scaled);
}

double vggish_dequantised(std::uint8_t q) { return static_cast<double>(q) * 4 / 255 - 2; }

}  // namespace musicrep

// The weights that Choi et al. (2017) published, in both of their layouts.
#include <algorithm>
#include <cmath>

#include "data_dir.h"
#include "weights/keras_hdf5.h"

namespace musicrep {
namespace {

/// Number of values outside the fixed front end, `melgram`.
std::size_t n_parameters(const NamedTensors& tensors) {
  std::size_t n = 0;
  for (const auto& [name, tensor] : tensors) {
    if (!name.starts_with("melgram/")) n += tensor.values.size();
    CHECK(std::ranges::all_of(tensor.values, [](float v) { return std::isfinite(v); }));
  }
  return n;
}

TEST_CASE("the Keras 1 weights of the transfer network are read") {
  const auto path = data_path("choi2017/weights_transfer/weights_layer4_theano.hdf5");
  if (!path) return;
  const NamedTensors found = read_keras_weights(*path);
  CHECK(found.size() == 35);
  // 39,282 that are learned, and the statistics of five batch norms.
  CHECK(n_parameters(found) == 39282 + 5 * 2 * 32);
  using Shape = std::vector<std::size_t>;
  CHECK(found.at("ConvBNEluDr/convolution2d_1_W").shape == Shape{32, 1, 3, 3});
  CHECK(found.at("ConvBNEluDr/convolution2d_5_W").shape == Shape{32, 32, 3, 3});
  CHECK(found.at("ConvBNEluDr/batchnormalization_3_running_std").shape == Shape{32});
  CHECK(found.at("dense_1/dense_1_W").shape == Shape{32, 50});
  CHECK(found.at("melgram/param_0").shape == Shape{512, 1, 1, 257});
  CHECK(found.at("melgram/param_2").shape == Shape{257, 96});
}

TEST_CASE("the Keras 2 weights of the transfer network are read") {
  const auto path = data_path("choi2017/keras2_model/model_best.hdf5");
  if (!path) return;
  const NamedTensors found = read_keras_weights(*path);
  CHECK(found.size() == 35);
  CHECK(n_parameters(found) == 39282 + 5 * 2 * 32);
  using Shape = std::vector<std::size_t>;
  CHECK(found.at("conv2d_1/kernel").shape == Shape{3, 3, 1, 32});
  CHECK(found.at("conv2d_5/kernel").shape == Shape{3, 3, 32, 32});
  CHECK(found.at("batch_normalization_3/moving_variance").shape == Shape{32});
  CHECK(found.at("dense_1/kernel").shape == Shape{32, 50});
  CHECK(found.at("melgram/Variable").shape == Shape{257, 96});
}

}  // namespace
}  // namespace musicrep

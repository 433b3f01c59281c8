// VGGish for inference on a CPU. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "vggish_layers.h"

namespace musicrep {

/// The network of vggish_net.h in oneDNN's blocked layout from the first layer to the last: weights
/// are laid out once, maps are never turned back in between, and a ReLU comes after the maximum
/// that follows it. A dense layer is a convolution of 1 x 1 over the patches side by side, which
/// reads its weights once for all of them and ran 1.7 times as fast as a product by OpenBLAS.
/// Where Torch was built without oneDNN the same operations run on plain tensors.
class VggishFast {
 public:
  /// Gives a parameter ("conv1.weight", shaped as in vggish_net.h). Each is asked for once, and may
  /// be freed afterwards: it is copied.
  using Parameter = std::function<torch::Tensor(const std::string&)>;
  VggishFast(double width, const Parameter& parameter);

  /// Called after each layer, with its name: for a table of times.
  using LayerDone = std::function<void(const std::string&)>;

  /// [N, 96, 64] log-mel patches, N >= 1, to [N, 128] before any last ReLU. Safe from several
  /// threads at once.
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& patches,
                                      const LayerDone& done = {}) const;

 private:
  struct Layer {
    std::string name;
    torch::Tensor weight;
    torch::Tensor bias;
    bool pooled = false;
  };
  std::vector<Layer> convolutions_;
  std::vector<Layer> dense_;
  bool blocked_;
};

}  // namespace musicrep

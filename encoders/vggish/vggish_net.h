// VGGish's network. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "vggish_layers.h"

namespace musicrep {

/// VGGish as a module, for training and as the plain form of what vggish_fast.h computes. Its
/// parameters are NAME.weight and NAME.bias, convolutions as [out, in, time, mel], dense layers as
/// [out, in]; the first dense layer takes time, mel and channel in this order, channels fastest, as
/// TensorFlow flattens.
class VggishNetImpl : public torch::nn::Module {
 public:
  explicit VggishNetImpl(double width = 1);

  /// [N, 96, 64] log-mel patches to [N, 128], before any last ReLU: the end of the present official
  /// code. Older official code and all ports apply a ReLU to it.
  torch::Tensor forward(const torch::Tensor& patches);

 private:
  std::vector<torch::nn::Conv2d> convolutions_;
  std::vector<bool> pooled_;
  std::vector<torch::nn::Linear> dense_;
};
TORCH_MODULE(VggishNet);

}  // namespace musicrep

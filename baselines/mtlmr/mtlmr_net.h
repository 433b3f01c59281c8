// The network of MTLMR. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mtlmr_config.h"

namespace musicrep {

/// Sets random elements to zero while training; empty: changes nothing.
using MtlmrDropout = std::function<torch::Tensor(const torch::Tensor&)>;

/// Convolution, batch normalisation, ReLU and, where asked for, maxima of 2 x 2.
class MtlmrBlockImpl : public torch::nn::Module {
 public:
  MtlmrBlockImpl(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                 bool pooled);
  torch::Tensor forward(torch::Tensor x);
  void fold();

 private:
  torch::nn::Conv2d conv_{nullptr};
  torch::nn::BatchNorm2d bn_{nullptr};
  bool pooled_;
  bool folded_ = false;
};
TORCH_MODULE(MtlmrBlock);

/// A stretch of the way from patches to features, with the names of the release's Sequential.
class MtlmrLayersImpl : public torch::nn::Module {
 public:
  /// Blocks [first, last) of the seven; with the seventh come mean, linear layer and normalisation.
  MtlmrLayersImpl(std::size_t first, std::size_t last);
  torch::Tensor forward(torch::Tensor x, const MtlmrDropout& dropout);
  void fold();

 private:
  std::vector<MtlmrBlock> blocks_;
  torch::nn::Linear fc_{nullptr};
  torch::nn::BatchNorm1d fc_bn_{nullptr};
  bool folded_ = false;
};
TORCH_MODULE(MtlmrLayers);

/// The network of Kim et al. (2019), section 3.2, as its PyTorch release has it
/// (eldrin/MTLMusicRepresentation-PyTorch, musmtl/model.py), with the same names of tensors:
/// shared.I.*, branches_feature.TASK.I.*, branches_infer.TASK.I.*; and the standardisation of its
/// input as buffers scaler_mean and scaler_scale [128].
class MtlmrNetImpl : public torch::nn::Module {
 public:
  explicit MtlmrNetImpl(MtlmrConfig config);

  [[nodiscard]] const MtlmrConfig& config() const { return config_; }

  /// Mean and standard deviation of each mel band, [128] each, in dB.
  void set_scaler(const torch::Tensor& mean, const torch::Tensor& scale);

  /// `patches` [n, 2, 216, 128] in dB to the features of a task, [n, 256].
  torch::Tensor features(const torch::Tensor& patches, std::size_t task,
                         const MtlmrDropout& dropout = {});

  /// The features of all tasks side by side, [n, 256 * tasks]; [n, 256] where all share them.
  torch::Tensor all_features(const torch::Tensor& patches);

  /// Features to the logarithms of odds, [n, outputs]. `features` [n, 256], or of a siamese task
  /// [n, 512], the two patches side by side.
  torch::Tensor logits(const torch::Tensor& features, std::size_t task,
                       const MtlmrDropout& dropout = {});

  /// Makes batch normalisation part of the layers before it and lays the weights out as the
  /// convolutions want them: for evaluation alone, and not to be saved afterwards.
  void fold();

 private:
  torch::Tensor standardised(const torch::Tensor& patches) const;

  MtlmrConfig config_;
  MtlmrLayers shared_{nullptr};
  std::vector<MtlmrLayers> branches_;
  struct Infer {
    torch::nn::Linear first{nullptr};
    torch::nn::BatchNorm1d bn{nullptr};  // of a siamese head, as is `second`
    torch::nn::Linear second{nullptr};
  };
  std::vector<Infer> infer_;
  torch::Tensor scaler_mean_;
  torch::Tensor scaler_scale_;
};
TORCH_MODULE(MtlmrNet);

}  // namespace musicrep

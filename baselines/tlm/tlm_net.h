// TLM's network in Torch, to be trained. Needs nothing but Torch.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace musicrep::tlm {

/// What one block puts out: [n, 32, mels, frames].
struct BlockMaps {
  torch::Tensor before_pooling;  ///< ELU's output
  torch::Tensor after_pooling;
};

/// Convolution 3x3 to 32 maps, batch normalisation, ELU, max-pooling.
class TlmBlockImpl : public torch::nn::Module {
 public:
  TlmBlockImpl(std::int64_t in_maps, std::int64_t pool_mels, std::int64_t pool_frames);
  /// [n, in_maps, mels, frames] to the pooled maps. Pools before ELU, which is monotone, so that
  /// less is computed and kept.
  torch::Tensor forward(const torch::Tensor& x);
  /// Without pooling: the last block before the greatest value of each map is taken.
  torch::Tensor activations(const torch::Tensor& x);
  torch::Tensor pooled(const torch::Tensor& x) const;

  [[nodiscard]] const torch::nn::Conv2d& convolution() const { return conv_; }
  [[nodiscard]] const torch::nn::BatchNorm2d& normalisation() const { return norm_; }

 private:
  torch::nn::Conv2d conv_;
  torch::nn::BatchNorm2d norm_;
  std::vector<std::int64_t> pool_;
};
TORCH_MODULE(TlmBlock);

/// Choi et al. 2017, section 3.1, as the release for Keras 2 has it: five blocks, the greatest
/// value of each of the last one's maps, and a sigmoid head.
class TlmNetImpl : public torch::nn::Module {
 public:
  explicit TlmNetImpl(std::int64_t n_tags);
  /// [n, 1, 96, frames], frames >= 320, to logits [n, n_tags]. The last block's maps are pooled
  /// over all frames: the published pooling of (4, 4) leaves one value of 1360 frames.
  torch::Tensor forward(torch::Tensor x);
  /// The first block, and forward() from its output on [n, 32, 48, frames / 4].
  TlmBlock& first_block() { return blocks_.front(); }
  torch::Tensor after_first_block(torch::Tensor x);
  /// The five blocks' outputs; frames >= 1280.
  std::vector<BlockMaps> maps(torch::Tensor x);

 private:
  std::vector<TlmBlock> blocks_;
  torch::nn::Linear head_{nullptr};
};
TORCH_MODULE(TlmNet);

}  // namespace musicrep::tlm

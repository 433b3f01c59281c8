// A small network that learns tags from mean and deviation of VGGish frames.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>

#include "nn/trainer.h"

namespace musicrep {

/// Two hidden layers with GELU; the second is what the canonical correlation analysis reads.
class TagNetworkImpl : public torch::nn::Module {
 public:
  /// `inputs` numbers to `units` hidden ones to `tags` scores.
  TagNetworkImpl(std::int64_t inputs, std::int64_t units, std::int64_t tags);

  using Dropout = std::function<torch::Tensor(const torch::Tensor&)>;
  /// [n, inputs] to [n, units].
  torch::Tensor hidden(const torch::Tensor& x, const Dropout& dropout = {});
  /// [n, units] to logits [n, tags].
  torch::Tensor tags(const torch::Tensor& hidden) { return tags_->forward(hidden); }

 private:
  torch::nn::Linear first_{nullptr};
  torch::nn::Linear second_{nullptr};
  torch::nn::Linear tags_{nullptr};
};
TORCH_MODULE(TagNetwork);

/// Trains a TagNetwork on rows of numbers and tags (0 or 1).
class TagTraining : public TrainingTask {
 public:
  struct Rows {
    torch::Tensor inputs;  ///< float [n, inputs], standardised
    torch::Tensor labels;  ///< float [n, tags]
  };
  TagTraining(Rows train, Rows valid, std::int64_t units, double dropout, std::uint64_t seed);

  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override;
  torch::Tensor loss(Batch& batch) override;
  double validation_loss() override;
  double base_loss() override;
  double average_precision() override;
  /// [n, inputs] to [n, units], as trained.
  torch::Tensor hidden(const torch::Tensor& inputs);

 private:
  Rows train_;
  Rows valid_;
  double dropout_;
  TagNetwork net_{nullptr};
};

}  // namespace musicrep

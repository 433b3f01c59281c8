// A training small enough for tests: two layers, batch normalisation and dropout on random numbers.
#pragma once

#include <torch/torch.h>

#include <functional>

#include "nn/random.h"
#include "nn/state.h"
#include "nn/trainer.h"

namespace musicrep {

class TinyNetImpl : public torch::nn::Module {
 public:
  TinyNetImpl() {
    register_module("first", first_);
    register_module("norm", norm_);
    register_module("last", last_);
  }
  torch::Tensor hidden(const torch::Tensor& x) { return torch::relu(norm_(first_(x))); }
  torch::Tensor last(const torch::Tensor& h) { return last_(h); }

 private:
  torch::nn::Linear first_{4, 8};
  torch::nn::BatchNorm1d norm_{8};
  torch::nn::Linear last_{8, 1};
};
TORCH_MODULE(TinyNet);

/// Learns a noisy function of four numbers; 32 items to train on, 16 to validate with.
class TinyTask : public TrainingTask {
 public:
  explicit TinyTask(std::uint64_t seed = 1) {
    torch::Generator initial = make_generator(seed);
    initialise_he(*net_, initial);
    torch::Generator data = make_generator(99);  // the same whatever the seed
    x_ = torch::randn({48, 4}, data);
    y_ = torch::sin(x_.sum(1, true)) + 0.1 * torch::randn({48, 1}, data);
  }

  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override { return 32; }
  torch::Tensor loss(Batch& batch) override {
    if (before_loss) before_loss(batch);
    const torch::Tensor items = torch::tensor(
        std::vector<std::int64_t>(batch.items.begin(), batch.items.end()), torch::kLong);
    const torch::Tensor h = dropout(net_->hidden(x_.index_select(0, items)), 0.2, batch.generator);
    return torch::mse_loss(net_->last(h), y_.index_select(0, items));
  }
  double validation_loss() override {
    const auto held_out = torch::indexing::Slice(32);
    return torch::mse_loss(net_->last(net_->hidden(x_.index({held_out}))), y_.index({held_out}))
        .item<double>();
  }

  std::function<void(const Batch&)> before_loss;

 private:
  TinyNet net_;
  torch::Tensor x_;
  torch::Tensor y_;
};

/// 40 steps with everything on; batches of 10, so that an epoch leaves two items over.
inline TrainerConfig tiny_config() {
  TrainerConfig config;
  config.steps = 40;
  config.batch_size = 10;
  config.learning_rate = 0.02;
  config.weight_decay = 0.01;
  config.warmup = 0.1;
  config.decay = true;
  config.clip_norm = 1;
  config.validate_every = 7;
  config.checkpoint_every = 6;
  return config;
}

}  // namespace musicrep

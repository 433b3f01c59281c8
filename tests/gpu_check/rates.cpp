#include "rates.h"

#include <chrono>

#include "nn/autocast.h"
#include "nn/trainer.h"

namespace musicrep {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Learns to put out a fixed vector for each of four batches.
class RateTask : public TrainingTask {
 public:
  RateTask(const CheckedNetwork& network, torch::Device device, std::int64_t batch)
      : network_(network), net_(made(network)), device_(device) {
    net_->to(device);
    inputs_ = inputs_of(network, 4 * batch).to(device);
  }
  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override {
    return static_cast<std::size_t>(inputs_.size(0));
  }
  torch::Tensor loss(Batch& batch) override {
    const torch::Tensor items =
        torch::tensor(std::vector<std::int64_t>(batch.items.begin(), batch.items.end()),
                      torch::kLong)
            .to(device_);
    return network_.forward(*net_, inputs_.index_select(0, items)).sub(1).square().mean();
  }

 private:
  const CheckedNetwork& network_;
  std::shared_ptr<torch::nn::Module> net_;
  torch::Device device_;
  torch::Tensor inputs_;
};

}  // namespace

double forward_rate(const CheckedNetwork& network, torch::Device device, bool mixed,
                    std::int64_t batch, double seconds) {
  torch::NoGradGuard no_grad;
  const Autocast autocast(mixed);
  const std::shared_ptr<torch::nn::Module> net = made(network);
  net->to(device);
  net->eval();
  const torch::Tensor inputs = inputs_of(network, batch).to(device);
  // Reading a number waits for the device.
  const auto passes = [&](std::int64_t n) {
    torch::Tensor out;
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < n; ++i) out = network.forward(*net, inputs);
    out.sum().item<double>();
    return seconds_since(start);
  };
  passes(3);
  std::int64_t n = 1;
  double taken = passes(n);
  while (taken < seconds) taken = passes(n *= 2);
  return static_cast<double>(n * batch) / taken;
}

double training_rate(const CheckedNetwork& network, torch::Device device, bool mixed,
                     std::int64_t batch, std::size_t steps) {
  constexpr std::size_t kWarmUp = 3;
  RateTask task(network, device, batch);
  TrainerConfig config;
  config.steps = kWarmUp + steps;  // below 200, so that each step is reported
  config.batch_size = static_cast<std::size_t>(batch);
  config.device = device.str();
  config.mixed_precision = mixed;
  Clock::time_point start;
  double taken = 0;
  train(task, config, 1, nullptr, [&](std::size_t step, std::size_t, double) {
    if (step == kWarmUp) start = Clock::now();
    if (step == kWarmUp + steps) taken = seconds_since(start);
  });
  return static_cast<double>(steps) / taken;
}

}  // namespace musicrep

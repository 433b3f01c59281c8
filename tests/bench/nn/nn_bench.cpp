// What one thread of this machine reaches: the rates that the networks' benchmarks compare with.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "nn/adam.h"
#include "nn/random.h"
#include "nn/threads.h"
#include "nn/trainer.h"

namespace musicrep {
namespace {

torch::Tensor normals(const std::vector<std::int64_t>& shape) {
  torch::Generator generator = make_generator(1);
  return torch::randn(shape, generator);
}

void report_flops(benchmark::State& state, double flops) {
  state.counters["GFLOP/s"] = benchmark::Counter(
      flops * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// [n, n] by [n, n].
void matrix_product(benchmark::State& state) {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  const std::int64_t n = state.range(0);
  const torch::Tensor a = normals({n, n});
  const torch::Tensor b = normals({n, n});
  torch::Tensor c = torch::empty({n, n});
  for (auto _ : state) torch::mm_out(c, a, b);
  report_flops(state, 2.0 * static_cast<double>(n * n * n));
}
BENCHMARK(matrix_product)->Arg(256)->Arg(1024)->Arg(2048)->Unit(benchmark::kMillisecond);

/// 3 x 3 on maps of 32 x 32, as many channels in as out; a batch of 8.
void convolution(benchmark::State& state) {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  const std::int64_t channels = state.range(0);
  torch::nn::Conv2d conv(torch::nn::Conv2dOptions(channels, channels, 3).padding(1));
  const torch::Tensor x = normals({8, channels, 32, 32});
  for (auto _ : state) benchmark::DoNotOptimize(conv(x));
  report_flops(state, 2.0 * 8 * 32 * 32 * 9 * static_cast<double>(channels * channels));
}
BENCHMARK(convolution)->Arg(32)->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);

/// Three convolutions and a dense layer, 32 channels, on 64 x 64 patches.
class SmallTask : public TrainingTask {
 public:
  SmallTask() {
    using torch::nn::Conv2dOptions;
    for (const std::int64_t in : {1, 32, 32}) {
      net_->push_back(torch::nn::Conv2d(Conv2dOptions(in, 32, 3).padding(1).bias(false)));
      net_->push_back(torch::nn::BatchNorm2d(32));
      net_->push_back(torch::nn::ReLU());
      net_->push_back(torch::nn::MaxPool2d(2));
    }
    net_->push_back(torch::nn::Flatten());
    net_->push_back(torch::nn::Linear(32 * 8 * 8, 10));
    x_ = normals({256, 1, 64, 64});
    y_ = normals({256, 10}).sigmoid();
  }
  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override { return 256; }
  torch::Tensor loss(Batch& batch) override {
    const torch::Tensor items = torch::tensor(
        std::vector<std::int64_t>(batch.items.begin(), batch.items.end()), torch::kLong);
    return torch::binary_cross_entropy_with_logits(net_->forward(x_.index_select(0, items)),
                                                   y_.index_select(0, items));
  }

 private:
  torch::nn::Sequential net_;
  torch::Tensor x_;
  torch::Tensor y_;
};

void training_steps(benchmark::State& state) {
  SmallTask task;
  TrainerConfig config;
  config.steps = 20;
  config.batch_size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) train(task, config, 1, nullptr, {});
  const auto steps = static_cast<double>(config.steps) * static_cast<double>(state.iterations());
  state.counters["steps/s"] = benchmark::Counter(steps, benchmark::Counter::kIsRate);
  state.counters["items/s"] =
      benchmark::Counter(steps * static_cast<double>(state.range(0)), benchmark::Counter::kIsRate);
}
BENCHMARK(training_steps)->Arg(8)->Arg(32)->Unit(benchmark::kMillisecond);

/// Of so many million parameters in one matrix: memory alone.
void adam_step(benchmark::State& state) {
  use_one_thread();
  torch::nn::Linear net(torch::nn::LinearOptions(1000, state.range(0) * 1000).bias(false));
  net->weight.mutable_grad() = torch::full_like(net->weight, 0.01);
  Adam adam(*net, {});
  for (auto _ : state) {
    adam.clip();
    adam.step(1e-3);
  }
}
BENCHMARK(adam_step)->Arg(1)->Arg(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep

// TLM on one core: how many times real time, block by block and as a whole, and steps of training.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <vector>

#include "audio/resample.h"
#include "frontend/front_ends.h"
#include "nn/random.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "tlm/tlm_net.h"
#include "unit/tlm/tlm_testing.h"

namespace musicrep {
namespace {

constexpr double kSeconds = 29;

void count_audio(benchmark::State& state) {
  state.counters["x_real_time"] = benchmark::Counter(
      kSeconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void count_memory(benchmark::State& state) {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_mib"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

/// One block of 29 s, with means before pooling (0), after (1), or the moments alone (2).
void block(benchmark::State& state) {
  std::size_t rows = tlm::kMels;
  std::size_t cols = tlm::kFrames;
  const auto k = static_cast<std::size_t>(state.range(0));
  for (std::size_t i = 0; i < k; ++i) {
    rows /= tlm::kPools[i][0];
    cols /= tlm::kPools[i][1];
  }
  const tlm::BlockShape shape = {rows, cols, k == 0 ? 1 : tlm::kMaps, tlm::kPools[k][0],
                                 tlm::kPools[k][1]};
  const std::vector<float> in((rows + 2) * (cols + 2) * shape.in_maps, 0.5F);
  const std::vector<float> kernel(9 * shape.in_maps * tlm::kMaps, -0.01F);
  const std::vector<float> bias(tlm::kMaps, 0.1F);
  std::vector<float> out((rows / shape.pool_rows + 2) * (cols / shape.pool_cols + 2) * tlm::kMaps);
  std::vector<double> sums(2 * tlm::kMaps);
  for (auto _ : state) {
    tlm::block_function()({shape, in.data(), kernel.data(), bias.data(),
                           static_cast<tlm::BlockSums>(state.range(1)), sums.data(),
                           sums.data() + tlm::kMaps, out.data()});
    benchmark::DoNotOptimize(sums);
  }
  const double products = 9.0 * static_cast<double>(rows * cols * shape.in_maps * tlm::kMaps);
  state.counters["gflop_per_s"] = benchmark::Counter(
      2e-9 * products * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(block)->ArgsProduct({{0, 1, 2, 3, 4}, {0}})->Unit(benchmark::kMicrosecond);
BENCHMARK(block)->ArgsProduct({{0}, {1, 2}})->Unit(benchmark::kMicrosecond);

void network(benchmark::State& state) {
  const tlm::Inference inference(small_weights("keras2").tensors);
  const tlm::Input input((tlm::kMels + 2) * (tlm::kFrames + 2), 0.1F);
  for (auto _ : state) benchmark::DoNotOptimize(inference.stored_statistics(input));
  count_audio(state);
}
BENCHMARK(network)->Unit(benchmark::kMillisecond);

/// The same in Torch: what the code above is for.
void network_in_torch(benchmark::State& state) {
  use_one_thread();
  const torch::NoGradGuard no_gradients;
  tlm::TlmNet net(50);
  net->eval();
  const torch::Tensor x = torch::zeros({1, 1, tlm::kMels, tlm::kFrames});
  for (auto _ : state) benchmark::DoNotOptimize(net->maps(x));
  count_audio(state);
}
BENCHMARK(network_in_torch)->Unit(benchmark::kMillisecond);

void front_end(benchmark::State& state) {
  const LogMel log_mel(musicrep::front_end("tlm_keras2").config);
  const std::vector<float> clip = random_clip(tlm::kSamples, 1);
  for (auto _ : state) benchmark::DoNotOptimize(log_mel.compute(clip));
  count_audio(state);
}
BENCHMARK(front_end)->Unit(benchmark::kMillisecond);

/// From samples at 12 kHz: `clips` in one call.
void encode(benchmark::State& state, const char* variant, std::size_t clips) {
  const TempFolder folder;
  Tlm tlm = make_tlm({{"weights", write_small_weights(folder, variant)}});
  const std::vector<float> clip = random_clip(tlm::kSamples, 1);
  const std::vector<Signal> signals(clips, as_signal(clip));
  for (auto _ : state) benchmark::DoNotOptimize(tlm.encode(signals));
  state.counters["x_real_time"] = benchmark::Counter(
      kSeconds * static_cast<double>(clips) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
  count_memory(state);
}
BENCHMARK_CAPTURE(encode, keras2, "keras2", 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, theano_batch, "theano-batch", 256)->Unit(benchmark::kMillisecond);

/// Resampling and encoding, from samples at 22,050 Hz.
void resample_and_encode(benchmark::State& state) {
  const TempFolder folder;
  Tlm tlm = make_tlm({{"weights", write_small_weights(folder, "keras2")}});
  const std::vector<float> clip = random_clip(639450, 1);
  for (auto _ : state) {
    const std::vector<float> resampled = resample_kaiser_best(clip, 22050, 12000);
    const Signal signal = as_signal(resampled);
    benchmark::DoNotOptimize(tlm.encode({&signal, 1}));
  }
  count_audio(state);
}
BENCHMARK(resample_and_encode)->Unit(benchmark::kMillisecond);

/// A step of training without its optimiser: a batch of 8, so many frames.
void training_step(benchmark::State& state) {
  use_one_thread();
  tlm::TlmNet net(50);
  torch::Generator generator = make_generator(1);
  const torch::Tensor x = torch::randn({8, 1, tlm::kMels, state.range(0)}, generator);
  const torch::Tensor labels = torch::zeros({8, 50});
  for (auto _ : state) {
    net->zero_grad();
    torch::binary_cross_entropy_with_logits(net->forward(x), labels).backward();
  }
  state.counters["steps_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  count_memory(state);
}
BENCHMARK(training_step)->Arg(320)->Arg(640)->Arg(1360)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep

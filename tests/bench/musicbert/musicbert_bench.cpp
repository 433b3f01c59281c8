// MusicBERT: training in tokens a second beside the machine's matrix products, attention, memory.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "musicbert/objectives.h"
#include "nn/adam.h"
#include "nn/random.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

constexpr std::int64_t kClips = 128;

/// Multiplications and additions of a product of [m, m] matrices, each second: the machine's rate.
void matrix_product(benchmark::State& state) {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  const std::int64_t m = state.range(0);
  const torch::Tensor a = torch::randn({m, m});
  const torch::Tensor b = torch::randn({m, m});
  for (auto _ : state) benchmark::DoNotOptimize(torch::matmul(a, b));
  state.counters["flops"] = benchmark::Counter(
      2.0 * static_cast<double>(m * m * m) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}
BENCHMARK(matrix_product)->Arg(128)->Arg(512)->Unit(benchmark::kMillisecond);

/// Weights of `kClips` clips of so many places and 4 heads, forward and back.
void attention(benchmark::State& state, AttentionKind kind) {
  use_one_thread();
  const std::int64_t n = state.range(0);
  const torch::Tensor scores = torch::randn({kClips, 4, n, n}).requires_grad_(true);
  const torch::Tensor direction = torch::randn({kClips, 4, n, n});
  for (auto _ : state) {
    attention_weights(scores, kind).backward(direction);
    benchmark::ClobberMemory();
  }
}
BENCHMARK_CAPTURE(attention, softmax, AttentionKind::kSoftmax)
    ->Arg(12)
    ->Arg(33)
    ->Arg(97)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(attention, entmax15, AttentionKind::kEntmax15)
    ->Arg(12)
    ->Arg(33)
    ->Arg(97)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(attention, sparsemax, AttentionKind::kSparsemax)
    ->Arg(12)
    ->Arg(33)
    ->Arg(97)
    ->Unit(benchmark::kMillisecond);

/// Steps of training on 128 clips of so many frames.
void training(benchmark::State& state, const ObjectiveWeights& objectives, AttentionKind kind,
              std::int64_t width) {
  use_one_thread();
  MusicbertConfig config;
  config.width = width;
  config.layers = width == 256 ? 4 : 2;
  config.ffn = 4 * width;
  config.attention = kind;
  constexpr std::int64_t kClasses = 527;
  MusicbertModel model(
      config, MusicbertHeadsConfig{.width = width, .classes = kClasses, .mlm = true, .mim = true});
  torch::Generator generator = make_generator(1);
  initialise_truncated_normal(*model, generator);
  Adam adam(*model, {});
  const std::int64_t frames = state.range(0);
  const MusicbertBatch batch = {torch::empty({kClips, 0}, torch::kLong),
                                torch::randn({kClips, frames, kMusicbertFrameWidth}, generator),
                                torch::full({kClips}, frames, torch::kLong),
                                {}};
  const torch::Tensor labels = torch::zeros({kClips, kClasses});
  const MusicbertDropout drop = [&](const torch::Tensor& x) { return dropout(x, 0.1, generator); };
  for (auto _ : state) {
    adam.zero_grad();
    objective_losses(model, batch, labels, {objectives}, generator, drop).total.backward();
    adam.step(1e-4);
  }
  state.counters["tokens_per_s"] = benchmark::Counter(
      static_cast<double>(kClips * (frames + 2)) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK_CAPTURE(training, audioset, ObjectiveWeights{.audioset = 1}, AttentionKind::kSoftmax, 128)
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training, mlm, ObjectiveWeights{.mlm = 1}, AttentionKind::kSoftmax, 128)
    ->Arg(10)
    ->Arg(31)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training, mim, ObjectiveWeights{.mim = 1}, AttentionKind::kSoftmax, 128)
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training, mlm_entmax15, ObjectiveWeights{.mlm = 1}, AttentionKind::kEntmax15, 128)
    ->Arg(10)
    ->Arg(31)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training, mlm_sparsemax, ObjectiveWeights{.mlm = 1}, AttentionKind::kSparsemax,
                  128)
    ->Arg(10)
    ->Arg(31)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training, mlm_of_width_256, ObjectiveWeights{.mlm = 1}, AttentionKind::kSoftmax,
                  256)
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep

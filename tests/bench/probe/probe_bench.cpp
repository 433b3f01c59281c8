// How long the parts of the probe take, and libsvm on the same problem.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "probe/libsvm_solver.h"
#include "probe/simd.h"
#include "probe/svm.h"
#include "synthetic.h"

namespace musicrep {
namespace {

constexpr std::size_t kPair = 180;  // two of GTZAN's genres, nine folds of ten
constexpr double kGamma = 1.0 / 160;

std::vector<std::uint32_t> first_items(std::size_t n) {
  std::vector<std::uint32_t> items(n);
  std::iota(items.begin(), items.end(), 0U);
  return items;
}

void smo_own(benchmark::State& state) {
  const Synthetic data = overlapping_classes(kPair, 160, 2);
  const auto inner = std::make_shared<const Matrix>(gram(data.x));
  const auto kernel = make_dense_kernel(Kernel::kRbf, kGamma, inner);
  const auto rows = make_kernel_rows(*kernel, first_items(kPair), std::size_t{1} << 30);
  const std::vector<double> linear(kPair, -1.0);
  std::vector<signed char> sign(kPair, -1);
  std::fill_n(sign.begin(), kPair / 2, static_cast<signed char>(1));
  const auto c = static_cast<double>(state.range(0));
  std::int64_t iterations = 0;
  for (auto _ : state) iterations += solve_smo({linear, sign, c}, *rows).iterations;
  state.counters["smo_steps"] =
      benchmark::Counter(static_cast<double>(iterations), benchmark::Counter::kIsRate);
}
BENCHMARK(smo_own)->Arg(1)->Arg(32)->Unit(benchmark::kMicrosecond);

void smo_libsvm(benchmark::State& state) {
  const Synthetic data = overlapping_classes(kPair, 160, 2);
  const auto items = first_items(kPair);
  const std::vector<std::uint32_t> none;
  const LibsvmParameters parameters{Kernel::kRbf, kGamma, static_cast<double>(state.range(0))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        fit_predict_libsvm(data.x, data.y, true, {items, none}, parameters, FitLimits{}));
  }
}
BENCHMARK(smo_libsvm)->Arg(1)->Arg(32)->Unit(benchmark::kMicrosecond);

void gram_matrix(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Synthetic data = noisy_values(n, 160);
  for (auto _ : state) benchmark::DoNotOptimize(gram(data.x));
  const double flop = static_cast<double>(n) * static_cast<double>(n + 1) * 160;
  state.counters["FLOP"] = benchmark::Counter(flop, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(gram_matrix)->Arg(1000)->Arg(3000)->Unit(benchmark::kMillisecond);

void rbf_kernel_matrix(benchmark::State& state) {
  const Synthetic data = noisy_values(1000, 160);
  const auto inner = std::make_shared<const Matrix>(gram(data.x));
  for (auto _ : state) {
    benchmark::DoNotOptimize(make_dense_kernel(Kernel::kRbf, kGamma, inner));
  }
}
BENCHMARK(rbf_kernel_matrix)->Unit(benchmark::kMillisecond);

void rbf_exponential(benchmark::State& state) {
  std::vector<double> distance(4096);
  for (std::size_t k = 0; k < distance.size(); ++k) distance[k] = static_cast<double>(k) * 0.02;
  std::vector<double> values(distance.size());
  for (auto _ : state) {
    values = distance;
    simd::rbf_in_place(values.data(), values.size(), 0.5);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}
BENCHMARK(rbf_exponential);

void choi2017_shaped_grid(benchmark::State& state) {
  const Synthetic data = overlapping_classes(1000, 160, 10);
  std::vector<int> folds;
  for (int i = 0; i < 1000; ++i) folds.push_back(i % 100 / 10);
  const auto splits = splits_of(folds, 10);
  const auto configs = choi2017_grid(false);
  FitOptions options;
  options.threads = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(fit_predict(
        {data.x, data.y, true, splits, configs, all_jobs(splits.size(), configs.size())}, options));
  }
}
BENCHMARK(choi2017_shaped_grid)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

void svr(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Synthetic data = noisy_values(n + 100, 128);
  Split split{first_items(n), {}};
  for (std::uint32_t i = 0; i < 100; ++i) {
    split.test.push_back(static_cast<std::uint32_t>(n) + i);
  }
  const std::vector<Split> splits = {split};
  const std::vector<ProbeConfig> configs = {
      {Kernel::kRbf, 2, {GammaRule::Kind::kAuto, 0, "1/d"}, true}};
  FitOptions options;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        fit_predict({data.x, data.y, false, splits, configs, all_jobs(1, 1)}, options));
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(svr)->Arg(1000)->Arg(2000)->Arg(4000)->Unit(benchmark::kMillisecond)->Complexity();

}  // namespace
}  // namespace musicrep

// How long the statistics of a report take, on as many items as the real data sets have.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"
#include "metrics/intervals.h"
#include "metrics/paired.h"
#include "metrics/scores.h"

namespace musicrep {
namespace {

using Items = std::span<const std::size_t>;

std::size_t size_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

std::vector<char> right_or_wrong(std::size_t n, double accuracy, std::uint64_t seed) {
  Random random(seed);
  std::vector<char> right(n);
  for (char& r : right) r = random.uniform() < accuracy ? 1 : 0;
  return right;
}

std::vector<double> normals(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(n);
  for (double& value : values) value = random.normal();
  return values;
}

/// The draws alone: what the bootstrap costs beside `score`.
void bootstrap_overhead(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(bootstrap_interval(
        size_of(state), [](Items items) { return static_cast<double>(items[0]); }, 1));
  }
}
BENCHMARK(bootstrap_overhead)->Arg(1000)->Arg(18000)->Unit(benchmark::kMillisecond);

void bootstrap_accuracy(benchmark::State& state) {
  const std::vector<char> right = right_or_wrong(size_of(state), 0.8, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bootstrap_interval(
        right.size(),
        [&](Items items) {
          std::int64_t hits = 0;
          for (const std::size_t i : items) hits += right[i];
          return static_cast<double>(hits) / static_cast<double>(items.size());
        },
        1));
  }
}
BENCHMARK(bootstrap_accuracy)->Arg(1000)->Arg(18000)->Unit(benchmark::kMillisecond);

void bootstrap_r2(benchmark::State& state) {
  const std::vector<double> truth = normals(size_of(state), 1);
  const std::vector<double> predicted = normals(size_of(state), 2);
  std::vector<double> resampled_truth(truth.size());
  std::vector<double> resampled_predicted(truth.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(bootstrap_interval(
        truth.size(),
        [&](Items items) {
          for (std::size_t i = 0; i < items.size(); ++i) {
            resampled_truth[i] = truth[items[i]];
            resampled_predicted[i] = predicted[items[i]];
          }
          return r2(resampled_truth, resampled_predicted);
        },
        1));
  }
}
BENCHMARK(bootstrap_r2)->Arg(1000)->Arg(18000)->Unit(benchmark::kMillisecond);

void cluster_bootstrap_accuracy(benchmark::State& state) {
  const std::vector<char> right = right_or_wrong(size_of(state), 0.8, 1);
  std::vector<std::size_t> artist(right.size());
  Random random(3);
  const std::size_t artists = right.size() / 4;
  for (std::size_t& a : artist) a = random.below(artists);
  for (auto _ : state) {
    benchmark::DoNotOptimize(cluster_bootstrap_interval(
        artist, artists,
        [&](Items items) {
          std::int64_t hits = 0;
          for (const std::size_t i : items) hits += right[i];
          return static_cast<double>(hits) / static_cast<double>(items.size());
        },
        1));
  }
}
BENCHMARK(cluster_bootstrap_accuracy)->Arg(1000)->Arg(18000)->Unit(benchmark::kMillisecond);

void paired_bootstrap_accuracy(benchmark::State& state) {
  const std::vector<char> a = right_or_wrong(size_of(state), 0.80, 1);
  const std::vector<char> b = right_or_wrong(size_of(state), 0.82, 2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(paired_bootstrap(
        a.size(),
        [&](Items items) {
          std::int64_t difference = 0;
          for (const std::size_t i : items) difference += b[i] - a[i];
          return static_cast<double>(difference) / static_cast<double>(items.size());
        },
        1));
  }
}
BENCHMARK(paired_bootstrap_accuracy)->Arg(1000)->Arg(18000)->Unit(benchmark::kMillisecond);

void mcnemar_test(benchmark::State& state) {
  const std::vector<char> a = right_or_wrong(size_of(state), 0.80, 1);
  const std::vector<char> b = right_or_wrong(size_of(state), 0.82, 2);
  for (auto _ : state) benchmark::DoNotOptimize(mcnemar(a, b));
}
BENCHMARK(mcnemar_test)->Arg(1000)->Arg(18000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace musicrep

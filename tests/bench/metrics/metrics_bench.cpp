// How long the statistics of a report take, on as many items as the real data sets have.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

/// A row of random predictions: n items of n / 4 artists in ten folds.
ResultRow made_row(const std::string& metric, std::size_t n, std::size_t n_seeds, std::size_t e) {
  ResultRow row;
  row.encoder = fmt::format("encoder {}", e);
  row.task = "genre";
  row.protocol = "nested";
  row.metric = metric;
  row.aggregation = kPooled;
  row.n = static_cast<std::int64_t>(n);
  row.n_seeds = static_cast<std::int64_t>(n_seeds);
  row.targets.resize(1);
  Random random(e);
  for (std::size_t place = 0; place < n * n_seeds; ++place) {
    const std::size_t i = place % n;
    row.item_ids.push_back(fmt::format("genre/item.{:05}.wav", i));
    row.item_fold.push_back(static_cast<std::int64_t>(i % 10));
    row.item_seed.push_back(static_cast<std::int64_t>(place / n));
    row.item_group.push_back(static_cast<std::int64_t>(i / 4));
    row.targets[0].truth.push_back(static_cast<double>(i % 10));
    const bool right = random.uniform() < 0.6 + 0.005 * static_cast<double>(e);
    row.targets[0].predicted.push_back(static_cast<double>(right ? i % 10 : random.below(10)));
  }
  return row;
}

std::vector<ResultRow> table(const char* metric, std::size_t n_encoders,
                             const benchmark::State& state) {
  std::vector<ResultRow> rows;
  for (std::size_t e = 0; e < n_encoders; ++e) {
    rows.push_back(made_row(metric, static_cast<std::size_t>(state.range(0)),
                            static_cast<std::size_t>(state.range(1)), e));
    score_row(rows.back());
  }
  return rows;
}

/// Score, interval and test against the baseline of one row.
void score_one_row(benchmark::State& state, const char* metric) {
  std::vector<ResultRow> rows = table(metric, 1, state);
  for (auto _ : state) score_row(rows.front());
}
BENCHMARK_CAPTURE(score_one_row, accuracy, "accuracy")
    ->Args({1000, 3})
    ->Args({18000, 3})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(score_one_row, r2, "r2")
    ->Args({1000, 3})
    ->Args({18000, 3})
    ->Unit(benchmark::kMillisecond);

/// All comparisons and letters of a table of 36 encoders: well under a second.
void compare_table(benchmark::State& state, const char* metric) {
  const std::vector<ResultRow> rows = table(metric, 36, state);
  for (auto _ : state) {
    const std::vector<Comparison> comparisons = compare_rows(rows);
    benchmark::DoNotOptimize(letters_of(rows, comparisons));
  }
}
BENCHMARK_CAPTURE(compare_table, accuracy, "accuracy")
    ->Args({1000, 3})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(compare_table, r2, "r2")->Args({1000, 3})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musicrep

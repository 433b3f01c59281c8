#include "statistics/row_statistics.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>

#include "made_rows.h"
#include "metrics/metric.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

ResultRow scored(const RowShape& shape, std::uint64_t seed = 1) {
  ResultRow row = made_row("tlm", shape, seed);
  score_row(row);
  return row;
}

}  // namespace

TEST_CASE("a row's score is the metric of all its predictions, or of each fold by its size") {
  const ResultRow pooled = scored({.metric = "r2", .n = 10, .n_folds = 3});
  const TargetResult& target = pooled.targets.front();
  const Metric& r2 = metric_named("r2");
  CHECK(pooled.score == r2.score(target.truth, target.predicted));
  double expected = 0;
  for (std::int64_t fold = 0; fold < 3; ++fold) {
    std::vector<double> truth;
    std::vector<double> predicted;
    for (std::size_t i = 0; i < 10; ++i) {
      if (pooled.item_fold[i] != fold) continue;
      truth.push_back(target.truth[i]);
      predicted.push_back(target.predicted[i]);
    }
    expected += static_cast<double>(truth.size()) / 10 * r2.score(truth, predicted);
  }
  CHECK(scored({.metric = "r2", .aggregation = kMeanOverFolds, .n = 10, .n_folds = 3}).score ==
        Approx(expected));
}

TEST_CASE("a row of several targets scores their mean, each has an interval of its own") {
  ResultRow row = made_row("tlm", {.metric = "r2"}, 1);
  row.targets.push_back(made_row("tlm", {.metric = "r2", .error = 1}, 2).targets.front());
  score_row(row);
  CHECK(row.score == Approx((row.targets[0].score + row.targets[1].score) / 2));
  CHECK(row.targets[0].score == row_score(row, 0));
  for (const TargetResult& target : row.targets) {
    CHECK(target.ci_low < target.score);
    CHECK(target.ci_high > target.score);
  }
  CHECK(row.ci_low > row.targets[1].ci_low);
  CHECK(row.ci_high < row.targets[0].ci_high);
}

TEST_CASE("influences of repeats and trainings are those of their items, of mean 0") {
  const RowShape shape = {.n = 12, .n_repeats = 3, .n_seeds = 2};
  const LinearStatistic statistic = row_statistic(made_row("tlm", shape, 3));
  REQUIRE(statistic.of_run.size() == 2);
  REQUIRE(statistic.influence.size() == 2);
  for (const auto& influence : statistic.influence) {
    REQUIRE(influence.size() == 12);
    double sum = 0;
    for (const double v : influence) sum += v;
    CHECK(sum == Approx(0).margin(1e-12));
  }
  CHECK(statistic.value() == Approx(row_score(made_row("tlm", shape, 3))));
}

TEST_CASE("equal repeats have the standard error of one") {
  ResultRow once = made_row("tlm", {.n = 30}, 4);
  ResultRow twice = made_row("tlm", {.n = 30, .n_repeats = 2}, 4);
  auto& predicted = twice.targets.front().predicted;
  std::copy_n(predicted.begin(), 30, predicted.begin() + 30);
  score_row(once);
  score_row(twice);
  CHECK(twice.score == once.score);
  CHECK(twice.standard_error == Approx(once.standard_error));
}

TEST_CASE("a sample has the row's groups, and training items under cross-validation") {
  const Sample items = sample_of(made_row("tlm", {.n = 20, .n_folds = 5}, 1));
  CHECK(items.n_groups == 20);
  CHECK(items.test_over_train == Approx(0.25));
  const Sample artists =
      sample_of(made_row("tlm", {.n = 20, .group_size = 4, .n_folds = 5, .n_repeats = 3}, 1));
  CHECK(artists.n_groups == 5);
  CHECK(artists.group.size() == 20);
  CHECK(artists.group[3] == artists.group[0]);
  CHECK(artists.group[4] != artists.group[0]);
  CHECK(artists.test_over_train == Approx(0.25));
  CHECK(sample_of(made_row("tlm", {.n_folds = 1}, 1)).test_over_train == 0);
}

TEST_CASE("an interval says what it is over") {
  CHECK(scored({.n = 20}).ci_method ==
        "Wilson interval with Student's t over 20 items, training folds");
  CHECK(scored({.metric = "r2", .n = 20, .group_size = 4, .n_folds = 1, .n_seeds = 3}).ci_method ==
        "Student's t on log(1 - r2) over 5 artists, 3 trainings");
  CHECK_THAT(
      scored({.metric = "r2", .aggregation = kMeanOverFolds, .n = 5, .n_folds = 4}).ci_method,
      Contains("3 of its parts hold a single true value"));
}

TEST_CASE("a row that is always right, or never, has an interval with a width") {
  for (const double error : {0.0, 1.0}) {
    const ResultRow row = scored({.error = error});
    CHECK(row.score == 1 - error);
    CHECK(row.ci_high - row.ci_low > 0.05);
    CHECK(row.ci_low <= row.score);
    CHECK(row.ci_high >= row.score);
  }
}

TEST_CASE("the test against the baseline rejects where the interval leaves it out") {
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const double error = 0.7 * static_cast<double>(seed % 11) / 10;
    const ResultRow row =
        scored({.n = 5 + seed % 30, .n_seeds = 1 + seed % 3, .error = error}, seed);
    CHECK((row.p_baseline < 0.05) == (row.baseline < row.ci_low || row.baseline > row.ci_high));
    rejected += row.p_baseline < 0.05 ? 1 : 0;
  }
  CHECK(rejected > 20);
  CHECK(rejected < 180);
}

TEST_CASE("a row of one artist or item is not known at all") {
  for (const RowShape& shape : {RowShape{.n = 6, .group_size = 6}, RowShape{.n = 1}}) {
    const ResultRow row = scored(shape);
    CHECK(std::isinf(row.standard_error));
    CHECK(row.ci_low == 0);
    CHECK(row.ci_high == 1);
    CHECK(row.p_baseline == 1);
  }
}

TEST_CASE("accuracy as a mean over folds is known as well as pooled") {
  for (const std::size_t n_folds : {2UL, 10UL, 20UL}) {
    const RowShape pooled = {.n = 20, .group_size = 2, .n_folds = n_folds, .n_seeds = 2};
    RowShape mean = pooled;
    mean.aggregation = kMeanOverFolds;
    CHECK(scored(mean).score == Approx(scored(pooled).score));
    CHECK(scored(mean).standard_error == Approx(scored(pooled).standard_error));
    CHECK(scored(mean).ci_low == Approx(scored(pooled).ci_low));
  }
}

TEST_CASE("trainings that differ widen the interval") {
  ResultRow row = made_row("tlm", {.n = 200, .n_seeds = 2}, 5);
  score_row(row);
  ResultRow apart = row;
  std::copy_n(apart.targets[0].truth.begin(), 200, apart.targets[0].predicted.begin());
  score_row(apart);
  CHECK(apart.standard_error > 3 * row.standard_error);
  CHECK(apart.degrees_of_freedom < 2);
}

}  // namespace musicrep

// Scores of thousands of random rows against sums in long double.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "made_rows.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

using Values = std::vector<double>;
using Long = long double;

/// scikit-learn's r2_score; a constant truth by its rule.
Long reference_r2(const Values& truth, const Values& predicted) {
  bool is_constant = true;
  bool is_perfect = true;
  Long mean = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    is_constant = is_constant && truth[i] == truth[0];
    is_perfect = is_perfect && truth[i] == predicted[i];
    mean += static_cast<Long>(truth[i]) / static_cast<Long>(truth.size());
  }
  if (is_constant) return is_perfect ? 1 : 0;
  Long residual = 0;
  Long total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const Long error = static_cast<Long>(truth[i]) - static_cast<Long>(predicted[i]);
    const Long spread = static_cast<Long>(truth[i]) - mean;
    residual += error * error;
    total += spread * spread;
  }
  return 1 - residual / total;
}

Long reference_accuracy(const Values& truth, const Values& predicted) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) right += truth[i] == predicted[i] ? 1U : 0U;
  return static_cast<Long>(right) / static_cast<Long>(truth.size());
}

Long reference_score(const ResultRow& row) {
  std::map<std::int64_t, std::pair<Values, Values>> folds;
  for (std::size_t i = 0; i < row.item_ids.size(); ++i) {
    auto& [truth, predicted] = folds[row.aggregation == kPooled ? 0 : row.item_fold[i]];
    truth.push_back(row.targets.front().truth[i]);
    predicted.push_back(row.targets.front().predicted[i]);
  }
  Long sum = 0;
  for (const auto& [fold, values] : folds) {
    const auto& [truth, predicted] = values;
    const Long score =
        row.metric == "r2" ? reference_r2(truth, predicted) : reference_accuracy(truth, predicted);
    sum += score * static_cast<Long>(truth.size());
  }
  return sum / static_cast<Long>(row.item_ids.size());
}

/// Makes the values coarse, tied, constant, huge, tiny or far from 0.
void distort(TargetResult& target, std::size_t n_items, std::uint64_t kind, Random& random) {
  const auto each = [&](auto of) {
    for (double& v : target.truth) v = of(v);
    for (double& v : target.predicted) v = of(v);
  };
  const double constant = random.normal();
  switch (kind) {
    case 1:
      return each([](double v) { return std::round(v); });
    case 2:
      return each([](double v) { return std::round(v * 10) / 10; });
    case 3:  // most items have one value
      for (std::size_t i = 0; i < target.truth.size(); ++i) {
        if (i % n_items % 7 != 1) target.truth[i] = constant;
      }
      return;
    case 4:
      for (double& v : target.truth) v = constant;
      if (random.below(2) == 0) target.predicted = target.truth;
      return;
    case 5:
      return each([](double v) { return v * 1e150; });
    case 6:
      return each([](double v) { return v * 1e-100; });
    case 7:
      return each([](double v) { return v + 1e6; });
    default:
      return;
  }
}

ResultRow random_row(Random& random) {
  RowShape shape;
  shape.metric = random.below(3) == 0 ? "accuracy" : "r2";
  shape.aggregation = random.below(2) == 0 ? kPooled : kMeanOverFolds;
  shape.n = 1 + random.below(random.below(4) == 0 ? 60 : 12);
  shape.group_size = 1 + random.below(4);
  shape.n_folds = 1 + random.below(shape.n);
  shape.n_repeats = 1 + random.below(3);
  shape.n_seeds = 1 + random.below(3);
  shape.error = random.below(5) == 0 ? 0 : random.uniform() * 1.2;
  ResultRow row = made_row("tlm", shape, random.next());
  if (shape.metric == "r2") distort(row.targets.front(), shape.n, random.below(8), random);
  return row;
}

void check_interval(const ResultRow& row) {
  const double slack = 1e-12 * std::max(1.0, std::abs(row.score));
  CHECK(row.ci_low <= row.score + slack);
  CHECK(row.ci_high >= row.score - slack);
  CHECK(row.p_baseline >= 0);
  CHECK(row.p_baseline <= 1);
  CHECK(row.degrees_of_freedom >= 1);
  CHECK(std::isfinite(row.degrees_of_freedom));
  if (row.metric == "accuracy") CHECK(row.ci_low < row.ci_high);
  if (sample_of(row).n_groups == 1) return;
  CHECK(std::isfinite(row.ci_low));
  CHECK(std::isfinite(row.ci_high));
  CHECK(std::isfinite(row.standard_error));
}

TEST_CASE("scores of random rows are those of long sums, and lie in finite intervals") {
  Random random(20240117);
  for (int k = 0; k < 5000; ++k) {
    ResultRow row = random_row(random);
    CAPTURE(k, row.metric, row.aggregation, row.n, row.n_repeats, row.n_seeds);
    CAPTURE(row.item_fold, row.targets.front().truth, row.targets.front().predicted);
    const Long expected = reference_score(row);
    const Long error = std::abs(static_cast<Long>(row_score(row)) - expected);
    REQUIRE(error <= 1e-9L * std::max<Long>(1, std::abs(expected)));
    score_row(row);
    CHECK(row.score == row_score(row));
    check_interval(row);
  }
}

}  // namespace
}  // namespace musicrep

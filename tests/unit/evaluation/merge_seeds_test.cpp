#include "evaluation/merge_seeds.h"

#include <catch2/catch.hpp>

#include "statistics/row_statistics.h"

namespace musicrep {

TEST_CASE("A row of several seeds is the mean of theirs") {
  ResultRow row;
  row.metric = "r2";
  row.aggregation = kPooled;
  row.n = 6;
  row.targets.resize(1);
  for (int i = 0; i < 6; ++i) {
    row.item_ids.push_back("item" + std::to_string(i));
    row.item_fold.push_back(i % 2);
    row.item_seed.push_back(0);
    row.targets[0].truth.push_back(i * i);
    row.targets[0].predicted.push_back(i * i + i % 3);
  }
  ResultRow other = row;
  for (double& v : other.targets[0].predicted) v += 2;
  score_row(row);
  score_row(other);
  CHECK(row.score > other.score);

  const std::vector<ResultRow> both = {row, other};
  const ResultRow merged = merge_seeds(both);
  CHECK(merged.score == Approx((row.score + other.score) / 2).epsilon(1e-12));
  CHECK(merged.n == 6);
  CHECK(merged.n_seeds == 2);
  CHECK(merged.item_seed == std::vector<std::int64_t>{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
  // Seeds that differ make the interval wider than any one of them has.
  CHECK(merged.ci_high - merged.ci_low > row.ci_high - row.ci_low);

  CHECK(merge_seeds({&row, 1}).score == row.score);
  ResultRow failed = other;
  failed.failure = "no luck";
  CHECK(merge_seeds(std::vector<ResultRow>{row, failed}).failure == "no luck");
}

}  // namespace musicrep

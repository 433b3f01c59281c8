#include "statistics/deformed_statistics.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "made_rows.h"
#include "metrics/multiple_tests.h"
#include "musicrep/error.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

Deformed made_deformed(const ResultRow& row, const std::string& deformation, std::uint64_t seed,
                       RowShape shape) {
  shape.error = 0.5;
  Deformed out;
  out.encoder = row.encoder;
  out.task = row.task;
  out.protocol = row.protocol;
  out.deformation = deformation;
  out.n_seeds = row.n_seeds;
  out.targets = {{row.targets[0].name, made_row("other", shape, seed).targets[0].predicted}};
  return out;
}

Results made_results(const RowShape& shape) {
  Results out;
  std::uint64_t seed = 1;
  for (const char* encoder : {"a", "b"}) {
    out.rows.push_back(made_row(encoder, shape, seed++));
    score_row(out.rows.back());
    for (const char* deformation : {"noise", "mp3"}) {
      out.deformed.push_back(made_deformed(out.rows.back(), deformation, seed++, shape));
    }
  }
  return out;
}

TEST_CASE("a drop is the paired difference of two rows") {
  const RowShape shape = {.n = 60, .group_size = 3, .n_seeds = 3};
  Results results = made_results(shape);
  score_deformed(results);
  const ResultRow& clean = results.rows[0];
  ResultRow row = clean;
  row.targets[0].predicted = results.deformed[0].targets[0].predicted;
  score_row(row);
  const Comparison paired = compare_pair(clean, row);
  const Deformed& deformed = results.deformed[0];
  CHECK(deformed.score == row.score);
  CHECK(deformed.ci_low == row.ci_low);
  CHECK(deformed.drop == clean.score - row.score);
  CHECK(deformed.drop_low == paired.ci_low);
  CHECK(deformed.drop_high == paired.ci_high);
  CHECK(deformed.p == paired.p);
  CHECK(deformed.test == paired.test);
}

TEST_CASE("p-values of drops are adjusted over all of a task and protocol") {
  Results results = made_results({.n = 60});
  results.deformed.push_back(results.deformed.front());
  results.deformed.back().failure = "no mp3 here";
  results.deformed.back().targets.clear();
  score_deformed(results);
  std::vector<double> p;
  for (std::size_t k = 0; k < 4; ++k) p.push_back(results.deformed[k].p);
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < 4; ++k) CHECK(results.deformed[k].p_adjusted == adjusted[k]);
  CHECK(results.deformed.back().p == 1);
}

TEST_CASE("predictions of deformed audio without their row are an error") {
  Results results = made_results({.n = 20});
  results.rows.pop_back();
  CHECK_THROWS_AS(score_deformed(results), DataError);
}

}  // namespace
}  // namespace musicrep

#include "check/compare.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "check/rows.h"
#include "two_runs.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("runs are compared on the same items, b minus a") {
  const Results a = two_encoders();
  Results b = a;
  b.rows[0] = counted_row("p", 100, 60);
  const RunComparison out = compare_runs(a, b, "one", "two");
  REQUIRE(out.rows.size() == 2);
  CHECK(out.rows[0].difference == Approx(-0.2));
  CHECK(out.rows[0].ci_low < -0.2);
  CHECK(out.rows[0].ci_high < 0);
  CHECK(out.rows[0].test == "paired t over 100 items, training folds");
  CHECK(out.rows[0].p < 0.001);
  CHECK(out.rows[0].p_adjusted == out.rows[0].p);  // the other row is the same: no test of it
  CHECK(out.rows[1].same_predictions);
  CHECK_THAT(comparison_text(out), Contains("1 with the same predictions") && Contains("lower"));
}

TEST_CASE("only the items of both are compared, whatever their order") {
  const ResultRow a = counted_row("p", 10, 5);
  ResultRow b = counted_row("p", 8, 8);
  std::ranges::reverse(b.item_ids);
  for (auto* v : {&b.targets[0].truth, &b.targets[0].predicted}) std::ranges::reverse(*v);
  const AlignedRows rows = align(a, b);
  CHECK(rows.problem.empty());
  CHECK(rows.n_left_out == 2);
  CHECK(rows.a.item_ids == rows.b.item_ids);
  CHECK(rows.a.n == 8);
  CHECK(n_other_predictions(rows.a, rows.b) == 3);
  CHECK(rows.b.targets[0].truth == rows.a.targets[0].truth);
}

TEST_CASE("rows with several seeds are cut seed by seed") {
  const ResultRow a = counted_row("p", 6, 2, 3);
  ResultRow b = counted_row("p", 4, 2, 3);
  const AlignedRows rows = align(a, b);
  CHECK(rows.a.item_ids == rows.b.item_ids);
  CHECK(rows.a.item_seed == rows.b.item_seed);
  CHECK(rows.a.item_ids.size() == 12);
  CHECK(n_other_predictions(rows.a, rows.b) == 0);
}

TEST_CASE("what cannot be paired says why") {
  const ResultRow a = counted_row("p", 10, 5);
  ResultRow b = a;
  b.targets[0].truth[3] = 0;
  CHECK_THAT(align(a, b).problem, Contains("1 of 10 items have another label"));
  b = a;
  b.metric = "r2";
  CHECK_THAT(align(a, b).problem, Contains("metric r2, the other has accuracy"));
  b = a;
  for (std::string& id : b.item_ids) id += "'";
  CHECK(align(a, b).problem == "no item in common");
  CHECK_THAT(align(counted_row("p", 10, 5, 2), counted_row("p", 10, 5, 3)).problem,
             Contains("3 trainings"));
}

}  // namespace
}  // namespace musicrep

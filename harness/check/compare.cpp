#include "check/compare.h"

#include "check/rows.h"
#include "metrics/multiple_tests.h"
#include "statistics/comparisons.h"

namespace musicrep {
namespace {

ComparedRow compare(const RowPair& pair) {
  ComparedRow out;
  out.encoder = pair.any().encoder;
  out.task = pair.any().task;
  out.protocol = pair.any().protocol;
  out.has_a = pair.a != nullptr && pair.a->failure.empty();
  out.has_b = pair.b != nullptr && pair.b->failure.empty();
  if (out.has_a) out.a = pair.a->score;
  if (out.has_b) out.b = pair.b->score;
  if (pair.a == nullptr || pair.b == nullptr) {
    out.problem = pair.a == nullptr ? "only the second has it" : "only the first has it";
    return out;
  }
  if (!out.has_a || !out.has_b) {
    out.problem = "no score: " + (out.has_a ? pair.b->failure : pair.a->failure);
    return out;
  }
  AlignedRows rows = align(*pair.a, *pair.b);
  out.problem = rows.problem;
  out.n_left_out = rows.n_left_out;
  if (!out.problem.empty()) return out;
  out.n = static_cast<std::size_t>(rows.a.n);
  out.same_predictions = rows.a.n_seeds == rows.b.n_seeds && out.n_left_out == 0 &&
                         n_other_predictions(rows.a, rows.b) == 0;
  if (out.same_predictions) {
    out.test = "the same predictions";
    return out;
  }
  const Comparison paired = compare_pair(rows.b, rows.a);
  out.difference = paired.difference;
  out.ci_low = paired.ci_low;
  out.ci_high = paired.ci_high;
  out.test = paired.test;
  out.p = paired.p;
  return out;
}

}  // namespace

RunComparison compare_runs(const Results& a, const Results& b, const std::string& name_of_a,
                           const std::string& name_of_b) {
  RunComparison out{name_of_a, name_of_b, {}, fact_differences(a, b), {}};
  out.drifts = drifts(a, b, kRoundingDrift, same_machine(a, b));
  std::vector<double> p;
  for (const RowPair& pair : pair_rows(a, b)) {
    out.rows.push_back(compare(pair));
    if (out.rows.back().problem.empty() && !out.rows.back().same_predictions) {
      p.push_back(out.rows.back().p);
    }
  }
  const std::vector<double> adjusted = holm(p);
  std::size_t k = 0;
  for (ComparedRow& row : out.rows) {
    if (row.problem.empty() && !row.same_predictions) row.p_adjusted = adjusted[k++];
  }
  return out;
}

}  // namespace musicrep

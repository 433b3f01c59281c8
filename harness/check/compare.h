// Two runs side by side: which scores moved, against which paired interval, and what the two do
// not have in common.
#pragma once

#include <string>
#include <vector>

#include "check/drift.h"
#include "check/facts.h"
#include "store/results.h"

namespace musicrep {

/// One cell of the two runs.
struct ComparedRow {
  std::string encoder;
  std::string task;
  std::string protocol;
  std::string problem;  ///< why there is no paired comparison; empty: there is one
  bool has_a = false;   ///< a has a score; so for b
  bool has_b = false;
  double a = 0;
  double b = 0;
  double difference = 0;  ///< b minus a, on the items of both
  double ci_low = 0;      ///< 95 %, paired: items are drawn once for both
  double ci_high = 0;
  std::string test;
  double p = 1;
  double p_adjusted = 1;  ///< Holm, over all compared rows that are not the same
  bool same_predictions = false;
  std::size_t n = 0;           ///< items of both
  std::size_t n_left_out = 0;  ///< items of one alone
};

struct RunComparison {
  std::string a;  ///< how the runs are called
  std::string b;
  std::vector<ComparedRow> rows;
  std::vector<FactDifference> facts;
  std::vector<EncoderDrift> drifts;
};

/// Compares run b with run a: rows of the same encoder label, task and protocol.
RunComparison compare_runs(const Results& a, const Results& b, const std::string& name_of_a,
                           const std::string& name_of_b);

/// For a terminal, at most 100 columns wide.
std::string comparison_text(const RunComparison& comparison);
std::string comparison_markdown(const RunComparison& comparison);
/// One JSON object with the fields of RunComparison by their names.
std::string comparison_json(const RunComparison& comparison);

}  // namespace musicrep

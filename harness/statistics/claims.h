// Claims of the literature, tested with the results of a run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/toml_reader.h"
#include "store/results.h"

namespace musicrep {

/// One side of a claim: a row's encoder, or a measure of one of its layers, or a number.
struct ClaimSide {
  std::string encoder;
  std::string layer;    ///< of a claim about a measure
  std::string measure;  ///< another one than the claim's; empty: that
  std::optional<double> number;
};

/// A claim of the literature that a run can test: that one side is higher than the other.
struct ClaimSpec {
  std::string text;
  std::string source;
  std::string task;  ///< with protocol: a claim between two rows of a table
  std::string protocol;
  std::string dataset;  ///< with measure: a claim about what [[diagnose]] measures
  std::string measure;
  ClaimSide higher;
  ClaimSide lower;
  double margin = 0;         ///< differences up to this are called equivalent; 0: none are
  std::string unobtainable;  ///< why it cannot be tested here; then it has no sides
};

/// Differences of accuracy or r2 that are called equivalent where a claim names no margin.
inline constexpr double kDefaultMargin = 0.02;

/// The [[claim]] tables of an experiment file. Throws ConfigError.
std::vector<ClaimSpec> read_claims(const TomlTable& experiment);

/// `claims` as results hold them, to be tested.
std::vector<ClaimResult> unjudged_claims(const std::vector<ClaimSpec>& claims);

/// Judges the claims of `results` in their order. A claim between rows by the comparison of its
/// table: the p-value that is adjusted within the table, so that it never contradicts the table's
/// letters. One about measures by a paired t-test over clips and trainings, adjusted (Holm) over
/// all such claims. What has no significant difference is equivalent where the 90 % interval lies
/// within the margin (two one-sided tests at 5 %), otherwise undecided. What was not measured in
/// this run says so. Throws DataError where a claim's `spec` is not a claim.
void judge_claims(Results& results);

}  // namespace musicrep

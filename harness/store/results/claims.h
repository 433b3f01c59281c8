// Statements of the literature, tested.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <string>

#include "store/results/fields.h"

namespace musicrep {

/// Verdicts on a claim, where it was measured.
inline constexpr const char* kReproduced = "reproduced";
inline constexpr const char* kContradicted = "contradicted";
/// No significant difference, and none larger than the margin either.
inline constexpr const char* kEquivalent = "equivalent within the margin";
inline constexpr const char* kNotSignificant = "no significant difference";
inline constexpr const char* kNotMeasured = "not measured in this run";

/// A statement of the literature and what this run has to say of it.
struct ClaimResult {
  std::string text;
  std::string source;
  std::string statement;  ///< "vggish > mlm": what is claimed
  std::string where;      ///< "genre under nested": where it was looked for
  std::string spec;       ///< what is claimed, as JSON (statistics/claims.h)
  bool measured = false;  ///< the next numbers are there
  double difference = 0;  ///< left side less right side
  double low = 0;         ///< 95 % interval
  double high = 0;
  double standard_error = 0;
  double degrees_of_freedom = 0;
  double p = 1;
  double p_adjusted = 1;  ///< Holm: within the rows' table, or over all claims about measures
  double margin = 0;      ///< differences up to this are called equivalent; 0: none are
  std::string verdict;    ///< one of the above, or why there is none
};

template <Is<ClaimResult> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("text", v.text);
  visit("source", v.source);
  visit("statement", v.statement);
  visit("where", v.where);
  visit("spec", v.spec);
  visit("measured", v.measured);
  visit("difference", v.difference);
  visit("low", v.low);
  visit("high", v.high);
  visit("standard_error", v.standard_error);
  visit("degrees_of_freedom", v.degrees_of_freedom);
  visit("p", v.p);
  visit("p_adjusted", v.p_adjusted);
  visit("margin", v.margin);
  visit("verdict", v.verdict);
}

}  // namespace musicrep

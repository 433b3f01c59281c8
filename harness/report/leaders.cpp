#include "report/leaders.h"

#include <fmt/format.h>

#include <cmath>

#include "metrics/multiple_tests.h"
#include "report/comparison.h"
#include "report/markdown_text.h"

namespace musicrep {

std::vector<std::string> not_different_from(const ReportInput& input, const ScoreTable& table,
                                            const ResultRow& best) {
  std::vector<std::string> out;
  for (const ResultRow* row : table.rows) {
    if (row == &best || !row->failure.empty()) continue;
    const Comparison* pair = comparison_of(input.results, best, *row);
    if (pair != nullptr && !(pair->p_adjusted < kSignificanceLevel)) {
      out.push_back(input.name(row->encoder));
    }
  }
  return out;
}

std::string leaders_text(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty() || std::isnan(best.score)) {
      out += fmt::format("- **{}**: no encoder has a score.\n", table.name());
      continue;
    }
    out += fmt::format("- **{}**: {} leads with {} {}", table.name(), input.name(best.encoder),
                       plain(best.metric), with_interval(best.score, best.ci_low, best.ci_high));
    const std::vector<std::string> alike = not_different_from(input, table, best);
    if (!alike.empty()) {
      out += fmt::format("; no significant difference from {}", enumeration(alike));
    }
    out += fmt::format(". The best constant prediction scores {}{}.\n", score_text(best.baseline),
                       best.p_baseline < kSignificanceLevel
                           ? ""
                           : "; the leader does not differ from it significantly");
  }
  return out.empty() ? out : out + "\n";
}

}  // namespace musicrep

// Who leads under each task and protocol, and who does not differ from it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/multiple_tests.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

const Comparison* comparison_of(const Results& results, const ResultRow& a, const ResultRow& b) {
  const auto at = std::ranges::find_if(results.comparisons, [&](const Comparison& c) {
    return c.task == a.task && c.protocol == a.protocol &&
           ((c.a == a.encoder && c.b == b.encoder) || (c.a == b.encoder && c.b == a.encoder));
  });
  return at == results.comparisons.end() ? nullptr : &*at;
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty() || std::isnan(best.score)) {
      out += fmt::format("- **{}**: no encoder has a score.\n", table.name());
      continue;
    }
    out += fmt::format("- **{}**: {} leads with {} {}", table.name(), plain(best.encoder),
                       plain(best.metric), with_interval(best.score, best.ci_low, best.ci_high));
    std::vector<std::string> alike;
    for (const ResultRow* row : table.rows) {
      if (row == &best || !row->failure.empty()) continue;
      const Comparison* pair = comparison_of(input.results, best, *row);
      if (pair != nullptr && !(pair->p_adjusted < kSignificanceLevel)) {
        alike.push_back(plain(row->encoder));
      }
    }
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

}  // namespace

extern const ReportSection summary_section = {200, section};

}  // namespace musicrep

// Who leads under each task and protocol, and who does not differ from it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "metrics/multiple_tests.h"
#include "report/comparison.h"
#include "report/markdown_text.h"
#include "report/page.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// `name` gives what an encoder is called.
std::string sentences(const ReportInput& input,
                      const std::function<std::string(const std::string&)>& name) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty() || std::isnan(best.score)) {
      out += fmt::format("- **{}**: no encoder has a score.\n", table.name());
      continue;
    }
    out += fmt::format("- **{}**: {} leads with {} {}", table.name(), plain(name(best.encoder)),
                       plain(best.metric), with_interval(best.score, best.ci_low, best.ci_high));
    std::vector<std::string> alike;
    for (const ResultRow* row : table.rows) {
      if (row == &best || !row->failure.empty()) continue;
      const Comparison* pair = comparison_of(input.results, best, *row);
      if (pair != nullptr && !(pair->p_adjusted < kSignificanceLevel)) {
        alike.push_back(plain(name(row->encoder)));
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

std::string section(const ReportInput& input) {
  return sentences(input, [](const std::string& label) { return label; });
}

std::string page(const PageInput& input) {
  const std::string text = sentences(
      input.report, [&](const std::string& label) { return look_of(input.encoders, label).name; });
  return text.empty() ? "" : page_heading("Conclusion") + html_of_markdown(text);
}

}  // namespace

extern const ReportSection summary_section = {.place = 200, .text = section, .page = page};

}  // namespace musicrep

// What is taken for what.
#include <fmt/format.h>

#include "metrics/scores.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string matrix_text(const TargetResult& target) {
  const std::size_t n = target.classes.size();
  std::vector<std::string> header = {"true \\ predicted"};
  for (const std::string& name : target.classes) header.push_back(">" + plain(name));
  MarkdownTable table(header);
  const std::vector<std::int64_t> counts = confusion(target.truth, target.predicted, n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<std::string> cells = {plain(target.classes[i])};
    for (std::size_t j = 0; j < n; ++j) cells.push_back(fmt::format("{}", counts[i * n + j]));
    table.add(cells);
  }
  return table.text();
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty()) continue;
      for (const TargetResult& target : row->targets) {
        if (target.classes.empty() || target.truth.size() != target.predicted.size()) continue;
        std::string name = fmt::format("{}: {}", table.name(), plain(row->encoder));
        if (row->targets.size() > 1) name += fmt::format(", {}", plain(target.name));
        out += row == table.rows.front()
                   ? fmt::format("### {}\n\n{}", name, matrix_text(target))
                   : fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", name,
                                 matrix_text(target));
      }
    }
  }
  return out.empty() ? "" : "## Confusion\n\n" + out;
}

}  // namespace

extern const ReportSection confusion_section = {1200, section};

}  // namespace musicrep

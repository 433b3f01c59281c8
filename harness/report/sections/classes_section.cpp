// How each encoder does on each class.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "metrics/scores.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

bool has_classes(const TargetResult& target) {
  return !target.classes.empty() && target.truth.size() == target.predicted.size();
}

/// The target of that name and those classes; null where a row has none.
const TargetResult* same_target(const ResultRow& row, const TargetResult& as) {
  for (const TargetResult& target : row.targets) {
    if (target.name == as.name && target.classes == as.classes && has_classes(target)) {
      return &target;
    }
  }
  return nullptr;
}

/// [classes] share of the items of each class that are predicted as such; NaN where there are none.
std::vector<double> recalls(const TargetResult& target) {
  const std::size_t n = target.classes.size();
  const std::vector<std::int64_t> counts = confusion(target.truth, target.predicted, n);
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = counts.begin() + static_cast<std::ptrdiff_t>(i * n);
    const auto total = std::accumulate(row, row + static_cast<std::ptrdiff_t>(n), std::int64_t{0});
    out.push_back(total == 0 ? std::nan("")
                             : static_cast<double>(row[static_cast<std::ptrdiff_t>(i)]) /
                                   static_cast<double>(total));
  }
  return out;
}

std::string table_text(const ReportInput& input, const ScoreTable& of, const TargetResult& target) {
  std::vector<std::string> header = {plain(target.name)};
  std::vector<std::vector<double>> columns;
  for (const ResultRow* row : of.rows) {
    const TargetResult* same = row->failure.empty() ? same_target(*row, target) : nullptr;
    if (same == nullptr) continue;
    header.push_back(">" + input.name(row->encoder));
    columns.push_back(recalls(*same));
  }
  MarkdownTable table(header);
  for (std::size_t i = 0; i < target.classes.size(); ++i) {
    std::vector<std::string> cells = {plain(target.classes[i])};
    for (const std::vector<double>& column : columns) cells.push_back(score_text(column[i]));
    table.add(cells);
  }
  return fmt::format("### {}\n\n", of.name()) + table.text();
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    const ResultRow& best = *table.rows.front();
    if (!best.failure.empty()) continue;
    for (const TargetResult& target : best.targets) {
      if (has_classes(target)) out += table_text(input, table, target);
    }
  }
  if (out.empty()) return "";
  return "## By class\n\nRecall: the share of a class's items that are predicted as such, over all "
         "trainings and repeats. Encoders are in the order of their scores.\n\n" +
         out;
}

}  // namespace

extern const ReportSection classes_section = {.place = 1150, .text = section, .page_place = 325};

}  // namespace musicrep

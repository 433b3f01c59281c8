// The section of sweeps.
#include <fmt/format.h>

#include <algorithm>

#include "metrics/multiple_tests.h"
#include "report/markdown_sections.h"
#include "report/markdown_text.h"
#include "report/sweeps.h"

namespace musicrep {
namespace {

std::string table_text(const SweepTable& sweep) {
  std::vector<std::string> header = {"Encoder", "Differs in", "Reading", ">dim"};
  for (const std::int64_t n : sweep.labels)
    header.push_back(n == 0 ? ">all" : fmt::format(">{}", n));
  MarkdownTable table(header);
  for (const SweepLine& line : sweep.lines) {
    const auto first =
        std::ranges::find_if(line.points, [](const auto* p) { return p != nullptr; });
    std::vector<std::string> cells = {plain(line.encoder),
                                      line.factor == kSweepBase ? kNothing : plain(line.factor),
                                      plain(line.value), fmt::format("{}", (*first)->dim)};
    for (const SweepPoint* point : line.points) {
      if (point == nullptr) {
        cells.emplace_back(kNothing);
      } else {
        const bool differs = point->factor != kSweepBase && point->p_adjusted < kSignificanceLevel;
        cells.push_back(with_interval(point->score, point->low, point->high) +
                        (differs ? (point->difference > 0 ? " ▲" : " ▼") : ""));
      }
    }
    table.add(cells);
  }
  return table.text();
}

}  // namespace

std::vector<SweepTable> sweep_tables(const Results& results) {
  std::vector<SweepTable> out;
  for (const SweepPoint& point : results.sweeps) {
    auto table = std::ranges::find_if(out, [&](const SweepTable& t) {
      return t.task == point.task && t.protocol == point.protocol;
    });
    if (table == out.end()) {
      table = out.insert(out.end(), {point.task, point.protocol, point.metric, {}, {}});
    }
    if (std::ranges::find(table->labels, point.labels) == table->labels.end()) {
      table->labels.push_back(point.labels);
    }
  }
  for (SweepTable& table : out) {
    // All of them, 0, is more than any number.
    std::ranges::sort(table.labels, {},
                      [](std::int64_t n) { return n - 1 + (n == 0 ? INT64_MAX : 0); });
    for (const SweepPoint& point : results.sweeps) {
      if (point.task != table.task || point.protocol != table.protocol) continue;
      auto line = std::ranges::find_if(table.lines, [&](const SweepLine& l) {
        return l.encoder == point.encoder && l.factor == point.factor && l.value == point.value;
      });
      if (line == table.lines.end()) {
        line = table.lines.insert(line,
                                  {point.encoder, point.factor, point.value,
                                   std::vector<const SweepPoint*>(table.labels.size(), nullptr)});
      }
      const auto at = std::ranges::find(table.labels, point.labels) - table.labels.begin();
      line->points[static_cast<std::size_t>(at)] = &point;
    }
  }
  return out;
}

std::string sweeps_section(const Results& results,
                           const std::map<std::string, std::string>& figures) {
  const std::vector<SweepTable> tables = sweep_tables(results);
  if (tables.empty()) return "";
  std::string out =
      "## Sweeps\n\nAblations on the stored embeddings, one factor at a time: fewer labels, "
      "pooling, "
      "scaling, layer. Columns: training items of each class (in all for regression), drawn from "
      "the "
      "training side of each of the protocol's folds; the test side is the same for all, and a "
      "larger "
      "number contains the items of a smaller one. Nothing is chosen: one RBF machine, gamma "
      "'scale'. "
      "Square brackets: 95 % intervals over items (or artists), draws and training seeds. ▲ and ▼: "
      "significantly above or below the encoder's base with as many labels (paired t-test at 5 %, "
      "Holm over the encoder's points).\n\n";
  for (const SweepTable& table : tables) {
    std::size_t most = 1;
    for (const SweepLine& line : table.lines) {
      for (const SweepPoint* p : line.points) {
        if (p != nullptr) most = std::max(most, static_cast<std::size_t>(p->n_scores));
      }
    }
    out += fmt::format("{}, {} ({}; means of up to {} scores)\n\n", plain(table.task),
                       plain(table.protocol), plain(table.metric), most) +
           table_text(table);
    if (const auto file = figures.find(table.name()); file != figures.end()) {
      out += fmt::format("![Sweep of {}]({})\n\n", plain(table.name()), file->second);
    }
  }
  return out;
}

}  // namespace musicrep

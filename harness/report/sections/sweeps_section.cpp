// Ablations on the stored embeddings.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "metrics/multiple_tests.h"
#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "report/sweeps.h"

namespace musicrep {
namespace {

std::string table_text(const ReportInput& input, const SweepTable& sweep) {
  std::vector<std::string> header = {"Encoder", "Differs in", "Reading", ">dim"};
  for (const std::int64_t n : sweep.labels)
    header.push_back(n == 0 ? ">all" : fmt::format(">{}", n));
  MarkdownTable table(header);
  for (const SweepLine& line : sweep.lines) {
    const auto first =
        std::ranges::find_if(line.points, [](const auto* p) { return p != nullptr; });
    std::vector<std::string> cells = {input.name(line.encoder),
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

std::string section(const ReportInput& input) {
  const std::vector<SweepTable> tables = sweep_tables(input.results);
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
           table_text(input, table);
    if (const auto file = input.figures.file("sweep", table.name()); !file.empty()) {
      out += fmt::format("![Sweep of {}]({})\n\n", plain(table.name()), file);
    }
  }
  return out;
}

/// Scores by number of labels, for the page to draw.
nlohmann::json sweep_json(const SweepTable& sweep) {
  nlohmann::json points = nlohmann::json::array();
  for (const SweepLine& line : sweep.lines) {
    for (const SweepPoint* point : line.points) {
      if (point == nullptr || !std::isfinite(point->score)) continue;
      points.push_back({{"encoder", line.encoder},
                        {"factor", line.factor},
                        {"value", line.value},
                        {"labels", point->labels},
                        {"score", point->score},
                        {"low", point->low},
                        {"high", point->high}});
    }
  }
  return {{"task", sweep.task}, {"protocol", sweep.protocol}, {"metric", sweep.metric},
          {"base", kSweepBase}, {"labels", sweep.labels},     {"points", std::move(points)}};
}

std::string page(const PageInput& input) {
  const std::string text = section(input.report);
  if (text.empty()) return "";
  nlohmann::json tables = nlohmann::json::array();
  for (const SweepTable& sweep : sweep_tables(input.report.results)) {
    tables.push_back(sweep_json(sweep));
  }
  const std::size_t below = text.find("\n\n") + 2;  // the heading
  return page_heading("Sweeps") + page_block("sweeps", {{"tables", std::move(tables)}}) +
         page_details("All readings", html_of_markdown(text.substr(below)));
}

}  // namespace

extern const ReportSection sweeps_section = {.place = 500, .text = section, .page = page};

}  // namespace musicrep

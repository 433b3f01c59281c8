// Figures of the run as a whole, each with what it shows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/encoder_costs.h"
#include "report/figure.h"
#include "report/html/page.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string section(const ReportInput& input) {
  std::string out;
  for (const ReportFigure* figure : by_place(report_figures())) {
    if (figure->caption.empty()) continue;  // another section shows it
    for (const auto& [key, file] : input.figures.of(figure->id)) {
      out += fmt::format("![{}]({})\n\n{}\n\n", figure->title, file, figure->caption);
    }
  }
  return out.empty() ? "" : "## Figures\n\n" + out;
}

using nlohmann::json;

/// What each encoder costs, next to what it scores under each protocol.
std::string costs_page(const ReportInput& input) {
  json costs = json::array();
  for (const EncoderCost& cost : encoder_costs(input.results)) {
    costs.push_back({{"encoder", cost.encoder},
                     {"encode", cost.encode_ms},
                     {"train", cost.train_s},
                     {"memory", cost.peak_mib}});
  }
  if (costs.empty()) return "";
  json tables = json::array();
  for (const ScoreTable& table : input.tables) {
    json rows = json::array();
    for (const ResultRow* row : table.rows) {
      if (!row->failure.empty() || !std::isfinite(row->score)) continue;
      rows.push_back({{"encoder", row->encoder},
                      {"score", row->score},
                      {"low", row->ci_low},
                      {"high", row->ci_high}});
    }
    tables.push_back({{"task", table.task},
                      {"protocol", table.protocol},
                      {"metric", table.rows.front()->metric},
                      {"rows", std::move(rows)}});
  }
  return page_heading("Cost and score") +
         page_block("costs", {{"costs", std::move(costs)}, {"tables", std::move(tables)}});
}

std::string page(const PageInput& input) { return costs_page(input.report); }

}  // namespace

extern const ReportSection figures_section = {.place = 700, .text = section, .page = page};

}  // namespace musicrep

// Which encoders differ from which.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "metrics/multiple_tests.h"
#include "report/html/page.h"
#include "report/letters.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

std::string sentence_of_pairs(const std::vector<std::string>& alike, std::size_t n_pairs) {
  if (alike.empty()) {
    return n_pairs == 1 ? "The two differ significantly (5 %).\n\n"
                        : "Every pair differs significantly (5 %, adjusted).\n\n";
  }
  return fmt::format("No significant difference (5 %, adjusted): {}.\n\n", fmt::join(alike, "; "));
}

/// Task and protocol of every table of comparisons, in their order.
std::vector<std::pair<std::string, std::string>> compared_tables(const Results& results) {
  std::vector<std::pair<std::string, std::string>> tables;
  for (const Comparison& c : results.comparisons) {
    const std::pair table(c.task, c.protocol);
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  }
  return tables;
}

/// Every pair of one table. A test that all pairs share stands below the table, once.
std::string pairs_text(const ReportInput& input, const std::string& task,
                       const std::string& protocol) {
  std::vector<const Comparison*> pairs;
  std::set<std::string> tests;
  for (const Comparison& c : input.results.comparisons) {
    if (c.task != task || c.protocol != protocol) continue;
    pairs.push_back(&c);
    tests.insert(c.test);
  }
  std::vector<std::string> header = {"a", "b", ">a minus b", "95 % interval"};
  if (tests.size() > 1) header.emplace_back("Test");
  header.insert(header.end(), {">p", ">p, adjusted (Holm)", ">Smallest detectable"});
  MarkdownTable table(header);
  std::vector<std::string> alike;
  for (const Comparison* c : pairs) {
    std::vector<std::string> cells = {input.name(c->a), input.name(c->b),
                                      difference_text(c->difference),
                                      interval_text(c->ci_low, c->ci_high)};
    if (tests.size() > 1) cells.push_back(plain(c->test));
    cells.insert(cells.end(),
                 {p_text(c->p), p_text(c->p_adjusted), score_text(c->smallest_detectable)});
    table.add(cells);
    // A p that is not a number shows no difference.
    if (!(c->p_adjusted < kSignificanceLevel)) {
      alike.push_back(input.name(c->a) + " and " + input.name(c->b));
    }
  }
  const std::string test =
      tests.size() == 1 ? fmt::format("Test of each pair: {}. ", plain(*tests.begin())) : "";
  return fmt::format("### {}, {}\n\n", plain(task), plain(protocol)) + table.text() + test +
         sentence_of_pairs(alike, pairs.size());
}

std::string section(const ReportInput& input) {
  const Results& results = input.results;
  std::string out = "## Differences\n\n";
  if (results.comparisons.empty()) {
    for (const ResultRow& row : results.rows) {
      if (!row.failure.empty()) continue;
      out += fmt::format("- {} on {} under {}: {} above the best constant prediction ({}), p {}\n",
                         input.name(row.encoder), plain(row.task), plain(row.protocol),
                         difference_text(row.score - row.baseline), score_text(row.baseline),
                         p_text(row.p_baseline));
    }
    if (!out.ends_with("\n\n")) out += "\n";
    return out + "No two encoders were compared.\n\n";
  }
  for (const auto& [task, protocol] : compared_tables(results)) {
    out += pairs_text(input, task, protocol);
  }
  return out;
}

nlohmann::json pair_json(const Comparison& c) {
  return {{"a", c.a},
          {"b", c.b},
          {"difference", difference_text(c.difference)},
          {"interval", interval_text(c.ci_low, c.ci_high)},
          {"p", p_text(c.p_adjusted)},
          {"test", c.test},
          {"sign", !(c.p_adjusted < kSignificanceLevel) ? 0 : (c.difference > 0 ? 1 : -1)}};
}

/// Scores with their letters, and every pair: the page draws who differs from whom.
nlohmann::json differences_json(const Results& results, const ScoreTable& table) {
  nlohmann::json pairs = nlohmann::json::array();
  for (const Comparison& c : results.comparisons) {
    if (c.task == table.task && c.protocol == table.protocol) pairs.push_back(pair_json(c));
  }
  nlohmann::json rows = nlohmann::json::array();
  for (const ResultRow* row : table.rows) {
    if (!row->failure.empty() || !std::isfinite(row->score)) continue;
    rows.push_back(
        {{"encoder", row->encoder}, {"score", row->score}, {"letters", letters_of(results, *row)}});
  }
  return {{"task", table.task},
          {"protocol", table.protocol},
          {"metric", table.rows.front()->metric},
          {"rows", std::move(rows)},
          {"pairs", std::move(pairs)}};
}

/// Comparisons that belong to no table of scores: those of retrieval.
std::string others_text(const ReportInput& input) {
  std::string out;
  for (const auto& [task, protocol] : compared_tables(input.results)) {
    const bool is_scores = std::ranges::any_of(input.tables, [&](const ScoreTable& table) {
      return table.task == task && table.protocol == protocol;
    });
    if (!is_scores) out += pairs_text(input, task, protocol);
  }
  return out;
}

std::string page(const PageInput& input) {
  const Results& results = input.report.results;
  if (results.comparisons.empty()) {
    return results.rows.empty() ? "" : html_of_markdown(section(input.report));
  }
  nlohmann::json tables = nlohmann::json::array();
  for (const ScoreTable& table : input.report.tables) {
    nlohmann::json data = differences_json(results, table);
    if (!data["pairs"].empty()) tables.push_back(std::move(data));
  }
  const std::string block =
      tables.empty() ? "" : page_block("differences", {{"tables", std::move(tables)}});
  const std::string others = html_of_markdown(others_text(input.report));
  return page_heading("Who differs from whom") + block +
         page_details("Every pair in retrieval, with its test", others);
}

}  // namespace

extern const ReportSection differences_section = {
    .place = 1000, .text = section, .page = page, .page_place = 310};

}  // namespace musicrep

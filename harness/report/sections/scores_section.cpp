// A table of scores for each task and protocol.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/chosen_text.h"
#include "report/footnotes.h"
#include "report/letters.h"
#include "report/markdown_text.h"
#include "report/page.h"
#include "report/page_scores.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// Names of the targets where the table has several, as its first good row says.
std::vector<std::string> target_names(const ScoreTable& table) {
  std::vector<std::string> names;
  const ResultRow& first = *table.rows.front();
  if (!first.failure.empty() || first.targets.size() < 2 || has_tags(first)) return names;
  for (const TargetResult& target : first.targets) names.push_back(target.name);
  return names;
}

std::string target_cell(const ResultRow& row, const std::string& name) {
  for (const TargetResult& target : row.targets) {
    if (target.name == name) return with_interval(target.score, target.ci_low, target.ci_high);
  }
  return kNothing;
}

std::string row_parameters(const ResultRow& row) {
  if (has_tags(row)) return chosen_for_tags_text(row, 2);
  std::vector<std::string> parts;
  for (const TargetResult& target : row.targets) {
    if (target.selected.empty()) continue;
    const std::string chosen = chosen_text(target, 1);
    parts.push_back(row.targets.size() > 1 ? fmt::format("{}: {}", plain(target.name), chosen)
                                           : chosen);
  }
  return parts.empty() ? kNothing : fmt::format("{}", fmt::join(parts, "; "));
}

/// The lines under a table: protocol, interval, sources, footnotes.
std::string legend(const ScoreTable& table, const std::vector<std::string>& notes) {
  std::vector<std::string> protocols;
  std::vector<std::string> methods;
  std::vector<std::string> sources;
  for (const ResultRow* row : table.rows) {
    number_of(protocols, fmt::format("{}@{} ({})", plain(row->protocol), row->protocol_version,
                                     short_hash(row->protocol_sha256)));
    if (!row->failure.empty()) continue;
    std::string method = plain(row->ci_method);
    if (!row->aggregation.empty())
      method = fmt::format("{}; 95 % interval: {}", plain(row->aggregation), method);
    if (!method.empty()) number_of(methods, method);
    if (row->published) number_of(sources, plain(row->published_source));
  }
  std::string out = fmt::format("Protocol: {}.", enumeration(protocols));
  if (!methods.empty()) out += fmt::format(" Score: {}.", fmt::join(methods, " / "));
  if (!sources.empty()) out += fmt::format(" Published: {}.", fmt::join(sources, "; "));
  return out + "\n\n" + footnotes(notes);
}

std::string table_text(const Results& results, const ScoreTable& table) {
  const std::vector<std::string> targets = target_names(table);
  const std::string metric = plain(table.rows.front()->metric);
  std::vector<std::string> header = {"Group", "Encoder"};
  for (const std::string& name : targets) header.push_back(plain(name));
  const ResultRow& first = *table.rows.front();
  header.push_back(
      has_tags(first)
          ? fmt::format("mean {} of {} tags (95 % interval)", metric, first.targets.size())
          : (targets.empty() ? "" : "mean ") + metric + " (95 % interval)");
  for (const char* name : {"Published (difference)", ">n", ">dim", "Chosen parameters"}) {
    header.emplace_back(name);
  }
  MarkdownTable out(header);
  std::vector<std::string> notes;
  for (const ResultRow* row : table.rows) {
    std::string encoder = plain(row->encoder);
    for (const std::string& note : row->notes) {
      encoder += " " + superscript(number_of(notes, note));
    }
    const bool good = row->failure.empty();
    const std::string& letters = letters_of(results, *row);
    std::vector<std::string> cells = {good && !letters.empty() ? letters : kNothing, encoder};
    for (const std::string& name : targets) {
      cells.push_back(good ? target_cell(*row, name) : kNothing);
    }
    if (good) {
      cells.push_back(with_interval(row->score, row->ci_low, row->ci_high));
      cells.push_back(published_text(*row, notes));
    } else {
      cells.push_back("failed: " + plain(row->failure));
      cells.push_back(row->published_caveat.empty() ? score_text(row->published)
                                                    : published_text(*row, notes));
    }
    cells.push_back(row->n > 0 ? fmt::format("{}", row->n) : kNothing);
    cells.push_back(row->dim > 0 ? fmt::format("{}", row->dim) : kNothing);
    cells.push_back(good ? row_parameters(*row) : kNothing);
    out.add(cells);
  }
  return fmt::format("## {}\n\n", table.name()) + out.text() + legend(table, notes);
}

std::string section(const ReportInput& input) {
  std::string out;
  if (const std::string figure = input.figures.file("scores"); !figure.empty()) {
    out += fmt::format("![Scores with 95 % intervals]({})\n\n", figure);
  }
  for (const ScoreTable& table : input.tables) out += table_text(input.results, table);
  return out;
}

std::string page(const PageInput& input) {
  if (input.report.tables.empty()) return "";
  nlohmann::json tables = nlohmann::json::array();
  std::string legends;
  for (const ScoreTable& table : input.report.tables) {
    tables.push_back(score_table_json(input.report.results, table));
    legends += fmt::format("- **{}**: {}", table.name(), legend(table, {}));
    legends.pop_back();  // one line each
  }
  return page_heading("Scores") + page_block("scores", {{"tables", std::move(tables)}}) +
         page_details("Protocols and intervals", html_of_markdown(legends));
}

}  // namespace

extern const ReportSection scores_section = {.place = 300, .text = section, .page = page};

}  // namespace musicrep

// A table of scores for each task and protocol.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/chosen_text.h"
#include "report/failures.h"
#include "report/footnotes.h"
#include "report/html/page.h"
#include "report/html/page_scores.h"
#include "report/letters.h"
#include "report/markdown_text.h"
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

/// The line under a table: protocol, how the score and its interval come about, sources. Rows of
/// one method are named with it where the table has several.
std::string legend(const ReportInput& input, const ScoreTable& table) {
  std::vector<std::string> protocols;
  std::vector<std::string> aggregations;
  std::vector<std::string> methods;
  std::vector<std::vector<std::string>> encoders;  // of each method
  std::vector<std::string> sources;
  for (const ResultRow* row : table.rows) {
    number_of(protocols, fmt::format("{}@{} ({})", plain(row->protocol), row->protocol_version,
                                     short_hash(row->protocol_sha256)));
    if (!row->failure.empty()) continue;
    if (!row->aggregation.empty()) number_of(aggregations, plain(row->aggregation));
    if (!row->ci_method.empty()) {
      const std::size_t number = number_of(methods, plain(row->ci_method));
      encoders.resize(methods.size());
      encoders[number - 1].push_back(input.name(row->encoder));
    }
    if (row->published) number_of(sources, plain(row->published_source));
  }
  std::string out = fmt::format("Protocol: {}.", enumeration(protocols));
  if (!aggregations.empty()) out += fmt::format(" Score: {}.", enumeration(aggregations));
  for (std::size_t i = 0; i < methods.size(); ++i) {
    out += fmt::format(" 95 % interval{}: {}.",
                       methods.size() == 1 ? "" : " of " + enumeration(encoders[i]), methods[i]);
  }
  if (!sources.empty()) out += fmt::format(" Published: {}.", fmt::join(sources, "; "));
  return out + "\n\n";
}

/// "0.807, 0.794, 0.804"; nothing of a row with one training.
std::string seed_scores(const ResultRow& row) {
  for (const std::string& note : row.notes) {
    if (const std::string_view scores = seed_scores_of(note); !scores.empty()) {
      return std::string(scores);
    }
  }
  return kNothing;
}

std::string table_text(const ReportInput& input, const ScoreTable& table) {
  const std::vector<std::string> targets = target_names(table);
  const std::string metric = plain(table.rows.front()->metric);
  std::vector<std::string> header = {"Group", "Encoder"};
  for (const std::string& name : targets) header.push_back(plain(name));
  const ResultRow& first = *table.rows.front();
  header.push_back(
      has_tags(first)
          ? fmt::format("mean {} of {} tags (95 % interval)", metric, first.targets.size())
          : (targets.empty() ? "" : "mean ") + metric + " (95 % interval)");
  const bool seeds = std::ranges::any_of(
      table.rows, [](const ResultRow* row) { return seed_scores(*row) != kNothing; });
  if (seeds) header.emplace_back("Each training");
  for (const char* name : {"Published (difference)", ">n", ">dim", "Chosen parameters"}) {
    header.emplace_back(name);
  }
  MarkdownTable out(header);
  for (const ResultRow* row : table.rows) {
    const std::string encoder = input.name(row->encoder) + note_marks(*row, input.notes);
    const bool good = row->failure.empty();
    const std::string& letters = letters_of(input.results, *row);
    std::vector<std::string> cells = {good && !letters.empty() ? letters : kNothing, encoder};
    for (const std::string& name : targets) {
      cells.push_back(good ? target_cell(*row, name) : kNothing);
    }
    if (good) {
      cells.push_back(with_interval(row->score, row->ci_low, row->ci_high));
    } else {
      cells.push_back(failed_cell(*row));
    }
    if (seeds) cells.push_back(good ? seed_scores(*row) : kNothing);
    cells.push_back(good || !row->published_caveat.empty() ? published_text(*row, input.notes)
                                                           : score_text(row->published));
    cells.push_back(row->n > 0 ? fmt::format("{}", row->n) : kNothing);
    cells.push_back(row->dim > 0 ? fmt::format("{}", row->dim) : kNothing);
    cells.push_back(good ? row_parameters(*row) : kNothing);
    out.add(cells);
  }
  return fmt::format("## {}\n\n", table.name()) + out.text() + legend(input, table);
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) out += table_text(input, table);
  return out;
}

std::string page(const PageInput& input) {
  if (input.report.tables.empty()) return "";
  nlohmann::json tables = nlohmann::json::array();
  std::string legends;
  for (const ScoreTable& table : input.report.tables) {
    tables.push_back(score_table_json(input.report.results, table));
    legends += fmt::format("- **{}**: {}", table.name(), legend(input.report, table));
    legends.pop_back();  // one line each
  }
  return page_heading("Scores") + page_block("scores", {{"tables", std::move(tables)}}) +
         page_details("Protocols and intervals", html_of_markdown(legends));
}

}  // namespace

extern const ReportSection scores_section = {.place = 300, .text = section, .page = page};

}  // namespace musicrep

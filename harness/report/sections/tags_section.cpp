// Tagging tasks: every metric of the same predictions, and each tag by itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "metrics/metric.h"
#include "metrics/multiple_tests.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

/// The rows of a table under one metric, with all that follows from their predictions.
struct ScoredTable {
  const Metric* metric = nullptr;
  std::vector<ResultRow> rows;
  std::vector<Comparison> comparisons;
  std::vector<EncoderLetters> letters;
};

ScoredTable scored_by(const ScoreTable& table, const std::string& metric) {
  ScoredTable out;
  out.metric = &metric_named(metric);
  for (const ResultRow* row : table.rows) {
    if (!row->failure.empty()) continue;
    out.rows.push_back(*row);
    if (row->metric == metric) continue;
    out.rows.back().metric = metric;
    score_row(out.rows.back());
  }
  out.comparisons = compare_rows(out.rows);
  out.letters = letters_of(out.rows, out.comparisons);
  return out;
}

std::string letters_in(const ScoredTable& table, const std::string& encoder) {
  const auto at = std::ranges::find(table.letters, encoder, &EncoderLetters::encoder);
  return at == table.letters.end() || at->letters.empty() ? kNothing : at->letters;
}

std::string means_text(const ReportInput& input, const std::vector<ScoredTable>& tables) {
  std::vector<std::string> header = {"Encoder"};
  for (const ScoredTable& table : tables) {
    header.push_back(fmt::format("mean {} (95 % interval)", table.metric->title));
    header.emplace_back("Group");
    header.emplace_back(">constant");
  }
  MarkdownTable out(header);
  for (std::size_t r = 0; r < tables.front().rows.size(); ++r) {
    std::vector<std::string> cells = {input.name(tables.front().rows[r].encoder)};
    for (const ScoredTable& table : tables) {
      const ResultRow& row = table.rows[r];
      cells.push_back(with_interval(row.score, row.ci_low, row.ci_high));
      cells.push_back(letters_in(table, row.encoder));
      cells.push_back(score_text(row.baseline));
    }
    out.add(cells);
  }
  return out.text();
}

/// Paired tests of the metrics that the table is not sorted by: those of its own are under
/// "Differences".
std::string tests_text(const ReportInput& input, const ScoredTable& table) {
  MarkdownTable out({"a", "b", ">a minus b", "95 % interval", ">p", ">p, adjusted (Holm)"});
  for (const Comparison& c : table.comparisons) {
    out.add({input.name(c.a), input.name(c.b), difference_text(c.difference),
             interval_text(c.ci_low, c.ci_high), p_text(c.p), p_text(c.p_adjusted)});
  }
  if (out.empty()) return "";
  return fmt::format("<details><summary>Paired tests of mean {}</summary>\n\n{}</details>\n\n",
                     table.metric->title, out.text());
}

/// Of one training and repeat: how many of the scored items have the tag.
std::size_t n_with_tag(const ResultRow& row, const TargetResult& tag) {
  const std::size_t times = static_cast<std::size_t>(row.n_seeds * row.n_repeats);
  const auto n = static_cast<std::size_t>(std::ranges::count(tag.truth, 1.0));
  return times == 0 ? n : n / times;
}

std::string tag_cell(const ResultRow& row, std::size_t tag) {
  if (tag >= row.targets.size()) return kNothing;
  const TargetResult& of = row.targets[tag];
  return with_interval(of.score, of.ci_low, of.ci_high);
}

/// A line for each tag: with many, folded.
std::string each_tag_text(const ReportInput& input, const ScoredTable& table) {
  std::vector<std::string> header = {"Tag", ">items with it"};
  for (const ResultRow& row : table.rows) header.push_back(input.name(row.encoder));
  MarkdownTable out(header);
  const ResultRow& first = table.rows.front();
  for (std::size_t t = 0; t < first.targets.size(); ++t) {
    std::vector<std::string> cells = {plain(first.targets[t].name),
                                      fmt::format("{}", n_with_tag(first, first.targets[t]))};
    for (const ResultRow& row : table.rows) cells.push_back(tag_cell(row, t));
    out.add(cells);
  }
  return fmt::format(
      "<details><summary>{} of each tag, with 95 % intervals</summary>\n\n{}</details>\n\n",
      table.metric->title, out.text());
}

std::string table_text(const ReportInput& input, const ScoreTable& of) {
  std::vector<ScoredTable> tables;
  for (const std::string& metric : metric_names(MetricTarget::kTags)) {
    tables.push_back(scored_by(of, metric));
  }
  std::string out = fmt::format("### {}\n\n{}", of.name(), means_text(input, tables));
  for (const ScoredTable& table : tables) {
    if (table.metric->name != of.rows.front()->metric) out += tests_text(input, table);
  }
  for (const ScoredTable& table : tables) out += each_tag_text(input, table);
  return out;
}

std::string section(const ReportInput& input) {
  std::string out;
  for (const ScoreTable& table : input.tables) {
    if (has_tags(*table.rows.front())) out += table_text(input, table);
  }
  if (out.empty()) return "";
  return "## Tags\n\nEach tag is learned against the items without it. A mean is over tags, each "
         "with the same weight. Every metric is of the same predictions, whose parameters were "
         "chosen by the metric of the table above. Constant: what a ranking at random scores.\n\n" +
         out;
}

}  // namespace

extern const ReportSection tags_section = {350, section};

}  // namespace musicrep

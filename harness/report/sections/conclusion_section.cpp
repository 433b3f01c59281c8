// The conclusion in one sentence, on top of the report.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "metrics/multiple_tests.h"
#include "report/comparison.h"
#include "report/html/page.h"
#include "report/leaders.h"
#include "report/markdown_text.h"
#include "report/section.h"

namespace musicrep {
namespace {

/// "TLM leads in genre (accuracy 0.802; no significant difference from AudioSet)".
std::string leader_text(const ReportInput& input, const ScoreTable& table) {
  const ResultRow& best = *table.rows.front();
  const std::string score = fmt::format("{} {}", plain(best.metric), score_text(best.score));
  if (!(best.p_baseline < kSignificanceLevel)) {
    return fmt::format("in {} no encoder is significantly better than the best constant prediction",
                       plain(table.task));
  }
  if (table.rows.size() == 1) {
    return fmt::format("{} scores {} in {}", input.name(best.encoder), score, plain(table.task));
  }
  const std::vector<std::string> alike = not_different_from(input, table, best);
  const auto n_others =
      std::ranges::count_if(table.rows, [](const auto* row) { return row->failure.empty(); }) - 1;
  const std::string others =
      alike.size() > 1 && std::ssize(alike) == n_others ? "any other" : enumeration(alike);
  return fmt::format("{} leads in {} ({}{})", input.name(best.encoder), plain(table.task), score,
                     alike.empty() ? "" : "; no significant difference from " + others);
}

/// Of the tables of the first protocol that has a score, which the experiment puts first.
std::string scores_text(const ReportInput& input) {
  const auto has_score = [](const ScoreTable& table) {
    const ResultRow& best = *table.rows.front();
    return best.failure.empty() && !std::isnan(best.score);
  };
  const auto first = std::ranges::find_if(input.tables, has_score);
  if (first == input.tables.end()) return "No row has a score.";
  std::vector<std::string> leaders;
  for (const ScoreTable& table : input.tables) {
    if (table.protocol == first->protocol && has_score(table)) {
      leaders.push_back(leader_text(input, table));
    }
  }
  return fmt::format("Under {}, {}.", plain(first->protocol), fmt::join(leaders, ", and "));
}

/// Who finds the music of a text best, by R@10, among the rows that are comparable with the first.
std::string retrieval_text(const ReportInput& input) {
  const Retrieval* best = nullptr;
  const RetrievalMeasure* found = nullptr;
  for (const Retrieval& row : input.results.retrievals) {
    const auto measure = std::ranges::find_if(row.measures, [](const RetrievalMeasure& m) {
      return m.direction == kTextToMusic && m.name == "R@10";
    });
    if (measure == row.measures.end()) continue;
    if (best != nullptr && (row.dataset != best->dataset || row.split != best->split ||
                            row.centring != best->centring || row.n != best->n)) {
      continue;
    }
    if (found == nullptr || measure->value > found->value) {
      best = &row;
      found = &*measure;
    }
  }
  if (found == nullptr) return "";
  const std::string share =
      fmt::format("{} (chance {})", with_interval(found->value, found->ci_low, found->ci_high),
                  score_text(found->chance));
  return fmt::format(
      "Among {} pieces of music, {} has a text's own among the first ten most often: {}.", best->n,
      input.name(best->encoder), share);
}

std::string failures_text(const Results& results) {
  const auto n = std::ranges::count_if(results.rows,
                                       [](const ResultRow& row) { return !row.failure.empty(); });
  if (n == 0 || n == std::ssize(results.rows)) return "";
  return fmt::format("{} of {} rows {} no score.", n, results.rows.size(), n == 1 ? "has" : "have");
}

std::string section(const ReportInput& input) {
  std::vector<std::string> sentences;
  const auto add = [&](const std::string& sentence) {
    if (!sentence.empty()) sentences.push_back(sentence);
  };
  if (!input.tables.empty()) add(scores_text(input));
  add(retrieval_text(input));
  add(failures_text(input.results));
  return sentences.empty() ? "" : fmt::format("**{}**\n\n", fmt::join(sentences, " "));
}

std::string page(const PageInput& input) {
  const std::string text = section(input.report) + leaders_text(input.report);
  return text.empty() ? "" : page_heading("Conclusion") + html_of_markdown(text);
}

}  // namespace

extern const ReportSection conclusion_section = {.place = 100, .text = section, .page = page};

}  // namespace musicrep

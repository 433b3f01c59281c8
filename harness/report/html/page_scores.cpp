#include "report/html/page_scores.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/chosen_text.h"
#include "report/comparison.h"
#include "report/letters.h"
#include "report/markdown_text.h"

namespace musicrep {
namespace {

using nlohmann::json;

json number(double v) { return std::isfinite(v) ? json(v) : json(); }

/// The test of a row against the best of its table, in words.
std::string test_text(const Results& results, const ResultRow& row, const ResultRow& best) {
  if (&row == &best) return "the highest score of its table";
  const Comparison* pair = comparison_of(results, best, row);
  if (pair == nullptr) return "not compared with the highest score";
  const bool turned = pair->a == row.encoder;
  const double low = turned ? pair->ci_low : -pair->ci_high;
  const double high = turned ? pair->ci_high : -pair->ci_low;
  return fmt::format("{} {} from {}, p {} (Holm), {}",
                     difference_text(turned ? pair->difference : -pair->difference),
                     interval_text(low, high), best.encoder, p_text(pair->p_adjusted), pair->test);
}

json targets_json(const ResultRow& row) {
  json out = json::array();
  if (row.targets.size() < 2) return out;
  for (const TargetResult& target : row.targets) {
    out.push_back({{"name", target.name},
                   {"text", with_interval(target.score, target.ci_low, target.ci_high)}});
  }
  return out;
}

}  // namespace

json score_row_json(const Results& results, const ResultRow& row, const ResultRow& best) {
  json out = {{"encoder", row.encoder},
              {"kind", row.encoder_kind + " " + row.encoder_version},
              {"dataset", row.dataset}};
  out["notes"] = row.notes;
  if (row.published) {
    out["published"] = number(*row.published);
    out["source"] = row.published_source;
    out["caveat"] = not_comparable_text(row);
    if (row.failure.empty() && row.published_caveat.empty()) {
      out["publishedDifference"] = difference_text(row.score - *row.published);
    }
  }
  if (!row.failure.empty()) {
    out["failure"] = row.failure;
    return out;
  }
  out["score"] = number(row.score);
  out["low"] = number(row.ci_low);
  out["high"] = number(row.ci_high);
  out["letters"] = letters_of(results, row);
  out["n"] = row.n;
  out["trainings"] = row.n_seeds;
  out["dim"] = row.dim;
  out["interval"] = row.ci_method;
  out["test"] = test_text(results, row, best);
  out["baseline"] = fmt::format("{} from the best constant prediction ({}), p {}",
                                difference_text(row.score - row.baseline), score_text(row.baseline),
                                p_text(row.p_baseline));
  out["targets"] = targets_json(row);
  json chosen = json::array();
  for (const TargetResult& target : row.targets) {
    if (target.selected.empty()) continue;
    chosen.push_back((row.targets.size() > 1 ? target.name + ": " : "") + chosen_text(target, 2));
  }
  out["chosen"] = std::move(chosen);
  out["embeddings"] = row.embeddings_sha256.substr(0, 12);
  return out;
}

json score_table_json(const Results& results, const ScoreTable& table) {
  const ResultRow& best = *table.rows.front();
  json rows = json::array();
  for (const ResultRow* row : table.rows) rows.push_back(score_row_json(results, *row, best));
  return {{"task", table.task},
          {"protocol", table.protocol},
          {"version", fmt::format("{}@{} ({})", table.protocol, best.protocol_version,
                                  best.protocol_sha256.substr(0, 12))},
          {"metric", best.metric},
          {"constant", best.failure.empty() ? number(best.baseline) : json()},
          {"rows", std::move(rows)}};
}

}  // namespace musicrep

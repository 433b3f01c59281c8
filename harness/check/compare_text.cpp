// A comparison of two runs as text for a terminal, Markdown and JSON.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "check/compare.h"
#include "check/layout.h"
#include "metrics/multiple_tests.h"
#include "report/markdown_text.h"

namespace musicrep {
namespace {

// "+0.012 [-0.003, 0.027]", or why not.
std::string difference_of(const ComparedRow& row) {
  if (!row.problem.empty()) return row.problem;
  if (row.same_predictions) return row.test;
  return fmt::format("{} {}", difference_text(row.difference),
                     interval_text(row.ci_low, row.ci_high));
}

std::string verdict_of(const ComparedRow& row) {
  if (!row.problem.empty()) return kNothing;
  if (row.same_predictions) return "same";
  if (row.p_adjusted >= kSignificanceLevel) return "not significant";
  return row.difference > 0 ? "higher" : "lower";
}

std::string score_of(bool has, double score) { return has ? score_text(score) : kNothing; }

std::string p_of(const ComparedRow& row) {
  return row.problem.empty() && !row.same_predictions ? p_text(row.p_adjusted) : kNothing;
}

// "3 rows: 1 higher, 0 lower, 1 without a significant difference, …".
std::string summary(const RunComparison& comparison) {
  std::size_t higher = 0;
  std::size_t lower = 0;
  std::size_t same = 0;
  std::size_t unclear = 0;
  for (const ComparedRow& row : comparison.rows) {
    const std::string verdict = verdict_of(row);
    higher += verdict == "higher" ? 1U : 0U;
    lower += verdict == "lower" ? 1U : 0U;
    same += verdict == "same" ? 1U : 0U;
    unclear += verdict == "not significant" ? 1U : 0U;
  }
  const std::size_t n = comparison.rows.size();
  if (higher + lower + same + unclear == 0) return "Not one row of the two can be compared.";
  return fmt::format(
      "{} rows: {} with the same predictions, {} higher in the second, {} lower, {} without "
      "a significant difference, {} that cannot be compared.",
      n, same, higher, lower, unclear, n - higher - lower - same - unclear);
}

std::vector<std::string> left_out(const RunComparison& comparison) {
  std::vector<std::string> out;
  for (const ComparedRow& row : comparison.rows) {
    if (row.n_left_out == 0 || !row.problem.empty()) continue;
    out.push_back(fmt::format("{} on {} under {}: on the {} items of both; {} are of one alone",
                              row.encoder, row.task, row.protocol, row.n, row.n_left_out));
  }
  return out;
}

}  // namespace

std::string comparison_text(const RunComparison& comparison) {
  std::string out = fmt::format("first   {}\nsecond  {}\n\n{}", comparison.a, comparison.b,
                                wrapped(summary(comparison), ""));
  std::string table;
  for (const ComparedRow& row : comparison.rows) {
    const std::string heading = fmt::format("{} under {}", row.task, row.protocol);
    if (heading != table) {
      table = heading;
      out +=
          fmt::format("\n{:<24}  first  second  second - first, paired 95 %  p (Holm)\n", heading);
    }
    out += row.problem.empty()
               ? fmt::format("  {:<22} {:>6}  {:>6}  {:<26} {:<8} {}\n", row.encoder,
                             score_of(row.has_a, row.a), score_of(row.has_b, row.b),
                             difference_of(row), p_of(row), verdict_of(row))
               : fmt::format("  {:<22} {:>6}  {:>6}\n{}", row.encoder, score_of(row.has_a, row.a),
                             score_of(row.has_b, row.b), wrapped(row.problem, "    "));
  }
  for (const std::string& line : left_out(comparison)) out += wrapped(line, "  ");
  out += "\nWhat they do not have in common\n";
  for (const FactDifference& fact : comparison.facts) out += wrapped(fact_text(fact), "  ");
  if (comparison.facts.empty()) out += "  nothing\n";
  out += "\nFingerprints of the encoders\n";
  for (const auto& [who, worst] : grouped(comparison.drifts)) {
    out += wrapped(fmt::format("{:<12} {}", who, drift_text(worst)), "  ");
  }
  if (comparison.drifts.empty()) out += "  none in common\n";
  return out;
}

std::string comparison_markdown(const RunComparison& comparison) {
  std::string out = fmt::format("# Two runs side by side\n\nFirst: {}. Second: {}. {}\n\n",
                                plain(comparison.a), plain(comparison.b), summary(comparison));
  MarkdownTable scores({"task", "protocol", "encoder", ">first", ">second",
                        "second - first, paired 95 % interval", ">p (Holm)", ""});
  for (const ComparedRow& row : comparison.rows) {
    scores.add({plain(row.task), plain(row.protocol), plain(row.encoder),
                score_of(row.has_a, row.a), score_of(row.has_b, row.b), plain(difference_of(row)),
                p_of(row), verdict_of(row)});
  }
  out += scores.text();
  for (const std::string& line : left_out(comparison)) out += fmt::format("- {}\n", plain(line));
  out += "\n## What they do not have in common\n\n";
  MarkdownTable facts({"of", "what", "first", "second"});
  for (const FactDifference& fact : comparison.facts) {
    facts.add({plain(fact.subject), plain(fact.name), plain(fact.was), plain(fact.is)});
  }
  out += facts.empty() ? "Nothing.\n\n" : facts.text();
  out += "## Fingerprints of the encoders\n\n";
  MarkdownTable drifts({"encoder", "its vectors on fixed signals"});
  for (const auto& [who, worst] : grouped(comparison.drifts)) {
    drifts.add({plain(who), plain(drift_text(worst))});
  }
  return out + (drifts.empty() ? "None in common.\n" : drifts.text());
}

std::string comparison_json(const RunComparison& comparison) {
  using nlohmann::json;
  const auto number = [](bool has, double v) { return has ? json(v) : json(); };
  json rows = json::array();
  for (const ComparedRow& row : comparison.rows) {
    const bool paired = row.problem.empty();
    rows.push_back({{"encoder", row.encoder},
                    {"task", row.task},
                    {"protocol", row.protocol},
                    {"problem", row.problem},
                    {"a", number(row.has_a, row.a)},
                    {"b", number(row.has_b, row.b)},
                    {"difference", number(paired, row.difference)},
                    {"ci_low", number(paired, row.ci_low)},
                    {"ci_high", number(paired, row.ci_high)},
                    {"test", row.test},
                    {"p", number(paired, row.p)},
                    {"p_adjusted", number(paired, row.p_adjusted)},
                    {"same_predictions", row.same_predictions},
                    {"n", row.n},
                    {"n_left_out", row.n_left_out}});
  }
  json facts = json::array();
  for (const FactDifference& fact : comparison.facts) {
    facts.push_back(
        {{"subject", fact.subject}, {"name", fact.name}, {"a", fact.was}, {"b", fact.is}});
  }
  json drifts = json::array();
  for (const EncoderDrift& drift : comparison.drifts) {
    drifts.push_back({{"encoder", drift.encoder},
                      {"dataset", drift.dataset},
                      {"seed", drift.seed},
                      {"share", drift.share},
                      {"declared", drift.declared},
                      {"text", drift_text(drift)}});
  }
  return json({{"a", comparison.a},
               {"b", comparison.b},
               {"rows", rows},
               {"facts", facts},
               {"fingerprints", drifts}})
             .dump(2) +
         "\n";
}

}  // namespace musicrep

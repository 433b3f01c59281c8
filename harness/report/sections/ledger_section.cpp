// What others state and what is measured here: claims, then published figures, each with a verdict.
#include <fmt/format.h>

#include <utility>

#include "report/markdown_text.h"
#include "report/section.h"
#include "report/verdict.h"

namespace musicrep {
namespace {

std::string claims_text(const Results& results) {
  MarkdownTable table({"Claim", "As measured here", ">Difference", "95 % interval", ">p, adjusted",
                       "Verdict", "Source"});
  for (const ClaimResult& claim : results.claims) {
    std::string said = claim.verdict;
    if (claim.verdict == kEquivalent) said = fmt::format("equivalent within {}", claim.margin);
    table.add({plain(claim.text),
               claim.statement.empty() ? kNothing : plain(claim.statement + ", " + claim.where),
               claim.measured ? difference_text(claim.difference) : kNothing,
               claim.measured ? interval_text(claim.low, claim.high) : kNothing,
               claim.measured ? p_text(claim.p_adjusted) : kNothing, plain(said),
               plain(claim.source)});
  }
  if (table.empty()) return "";
  return "Each claim says that its left side is higher than its right. Between rows the test is "
         "the "
         "paired t-test of their table, adjusted within it (Holm); between measures a paired "
         "t-test "
         "over clips and trainings, adjusted over all claims about measures. Reproduced or "
         "contradicted: significant at 5 %. Equivalent: not significant, and the 90 % interval "
         "lies "
         "within the margin. Otherwise there is no significant difference, which does not say that "
         "there is none.\n\n" +
         table.text();
}

std::string published_text(const ReportInput& input) {
  MarkdownTable out({"Encoder", "Task", "Protocol", "Target", ">Published", "Ours (95 % interval)",
                     ">Difference", "Verdict", "Source"});
  for (const ScoreTable& table : input.tables) {
    for (const ResultRow* row : table.rows) {
      const auto add = [&](const std::string& target, double ours, double low, double high,
                           double published) {
        const bool good = row->failure.empty();
        const bool comparable = good && row->published_caveat.empty();
        std::string said = good ? verdict(ours, low, high, published)
                                : "cannot be obtained here: " + plain(row->failure);
        if (good && !comparable) {
          said = "not comparable: " + plain(row->published_caveat);
        }
        out.add({input.name(row->encoder), plain(row->task), plain(row->protocol), target,
                 score_text(published), good ? with_interval(ours, low, high) : kNothing,
                 comparable ? difference_text(ours - published) : kNothing, std::move(said),
                 plain(row->published_source)});
      };
      const bool several = row->targets.size() > 1;
      if (row->published) {
        add(several ? "mean" : kNothing, row->score, row->ci_low, row->ci_high, *row->published);
      }
      for (const TargetResult& target : row->targets) {
        if (!target.published || (!several && row->published)) continue;
        add(plain(target.name), target.score, target.ci_low, target.ci_high, *target.published);
      }
    }
  }
  if (out.empty()) return "";
  return out.text() +
         "`reproduced`: equal to three decimals; `within the interval`: inside our 95 % interval; "
         "`differs`: neither.\n\n";
}

std::string section(const ReportInput& input) {
  const std::string claims = claims_text(input.results);
  const std::string published = published_text(input);
  if (claims.empty() && published.empty()) return "";
  return "## Claim ledger\n\n" + claims + published;
}

}  // namespace

extern const ReportSection ledger_section = {900, section};

}  // namespace musicrep

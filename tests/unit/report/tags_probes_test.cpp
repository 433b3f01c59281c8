#include <catch2/catch.hpp>

#include "base_row.h"
#include "core/random.h"
#include "report/figures.h"
#include "report/footnotes.h"
#include "report/section.h"
#include "statistics/derive.h"

namespace musicrep {

extern const ReportSection probes_section;
extern const ReportSection scores_section;
extern const ReportSection selection_section;
extern const ReportSection tags_section;

namespace {

using Catch::Matchers::Contains;

std::string text_of(const ReportSection& section, const Results& results) {
  const std::vector<ScoreTable> tables = score_tables(results);
  const Figures figures;
  return section.text({results, tables, figures, encoder_looks(results), notes_of(tables)});
}

Selection chosen(const std::string& kernel, double c) {
  Selection out;
  out.chosen.kernel = kernel;
  out.chosen.c = c;
  return out;
}

/// A row of two tags on 40 items; an item's rank is its tag and noise.
ResultRow row_of(const std::string& encoder, const std::string& protocol, const std::string& kernel,
                 double noise) {
  ResultRow out = base_row(encoder, "tags", protocol, "roc_auc");
  out.n = 40;
  Random random(7);
  for (const char* name : {"rock", "a|b"}) {
    TargetResult target;
    target.name = name;
    target.inner_score = 0.75;
    for (std::size_t i = 0; i < 40; ++i) {
      target.truth.push_back(i % 4 == 0 ? 1 : 0);
      target.predicted.push_back(target.truth.back() + noise * random.normal());
    }
    target.selected = {chosen(kernel, out.targets.empty() ? 1 : 0.1)};
    out.targets.push_back(target);
  }
  for (std::size_t i = 0; i < 40; ++i) add_item(out, std::to_string(i));
  return out;
}

Results tagged() {
  Results out;
  out.rows = {row_of("good", "tagging-split", "linear", 0.2),
              row_of("poor", "tagging-split", "linear", 8),
              row_of("good", "tagging-split-logistic", "logistic", 0.3),
              row_of("poor", "tagging-split-logistic", "logistic", 7)};
  derive_statistics(out);
  return out;
}

}  // namespace

TEST_CASE("tags are one mean in the table of scores, and each has a line of its own below") {
  const Results results = tagged();
  const std::string scores = text_of(scores_section, results);
  CHECK_THAT(scores, Contains("| Group | Encoder | mean roc_auc of 2 tags (95 % interval) |"));
  CHECK_THAT(scores, Contains("linear, C = 1 (1 of 2 choices); linear, C = 0.1 (1 of 2 choices)"));
  const std::string tags = text_of(tags_section, results);
  CHECK_THAT(tags, Contains("### tags, tagging-split\n"));
  CHECK_THAT(tags, Contains("| Encoder | mean ROC-AUC (95 % interval) | Group | constant | mean "
                            "average precision (95 % interval) | Group | constant |"));
  CHECK_THAT(tags, Contains("| 0.500 |"));
  CHECK_THAT(tags, Contains("| 0.250 |\n"));
  CHECK_THAT(tags, Contains("Paired tests of mean average precision"));
  CHECK_THAT(tags, Contains("\n| a\\|b | 10 | "));
  CHECK(text_of(tags_section, Results{}).empty());
}

TEST_CASE("the selection of tags is one line a row") {
  const std::string text = text_of(selection_section, tagged());
  CHECK_THAT(text, Contains("| tags, tagging-split | good | 2 tags |"));
  CHECK_THAT(text, Contains("| 0.750 |"));
}

TEST_CASE("the same folds under two probes are compared") {
  Results results = tagged();
  const std::string text = text_of(probes_section, results);
  CHECK_THAT(text, Contains("### tags, folds of tagging-split\n"));
  CHECK_THAT(text, Contains("| Encoder | svm | Group | Place | logistic | Group | Place |"));
  CHECK_THAT(text, Contains("- svm and logistic: Kendall's tau of the scores 1.00; 1 pairs differ "
                            "significantly under both, all in the same direction.\n"));
  // The other way round under the second probe.
  std::swap(results.rows[2].encoder, results.rows[3].encoder);
  derive_statistics(results);
  CHECK_THAT(text_of(probes_section, results),
             Contains("Kendall's tau of the scores -1.00; 1 pairs differ significantly under both, "
                      "and in opposite directions: good and poor.\n"));
  results.rows.resize(2);
  derive_statistics(results);
  CHECK(text_of(probes_section, results).empty());
}

}  // namespace musicrep

#include <catch2/catch.hpp>

#include "report/contract_text.h"
#include "report/figure.h"
#include "report/figures.h"
#include "report/footnotes.h"
#include "report/markdown.h"
#include "report/section.h"
#include "report/sweeps.h"
#include "test_files.h"

namespace musicrep {

extern const ReportSection foundations_section;
extern const ReportSection sweeps_section;
extern const ReportFigure sweep_figure;

namespace {

using Catch::Matchers::Contains;

std::string text_of(const ReportSection& section, const Results& results,
                    const Figures& figures = {}) {
  const std::vector<ScoreTable> tables = score_tables(results);
  return section.text({results, tables, figures, encoder_looks(results), notes_of(tables)});
}

SweepPoint point(const std::string& encoder, const std::string& factor, const std::string& value,
                 std::int64_t labels, double score) {
  SweepPoint out;
  out.encoder = encoder;
  out.task = "genre";
  out.dataset = "d";
  out.protocol = "nested";
  out.metric = "accuracy";
  out.factor = factor;
  out.value = value;
  out.labels = labels;
  out.dim = 3;
  out.score = score;
  out.low = score - 0.1;
  out.high = score + 0.1;
  out.n_scores = labels == 0 ? 1 : 5;
  return out;
}

Results swept() {
  Results results;
  results.sweeps = {point("mfcc", kSweepBase, "mean, standardise", 1, 0.3),
                    point("mfcc", kSweepBase, "mean, standardise", 16, 0.5),
                    point("mfcc", kSweepBase, "mean, standardise", 0, 0.6),
                    point("v|g", kSweepBase, "mean, standardise", 1, 0.2),
                    point("v|g", "pooling", "max", 1, 0.4)};
  return results;
}

TEST_CASE("a sweep is a line a reading, a column a number of labels, all of them last") {
  const Results results = swept();
  const auto tables = sweep_tables(results);
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].labels == std::vector<std::int64_t>{1, 16, 0});
  REQUIRE(tables[0].lines.size() == 3);
  CHECK(tables[0].lines[1].encoder == "v|g");
  CHECK(tables[0].lines[1].points[1] == nullptr);
  const std::string text = text_of(sweeps_section, results,
                                   {{{"sweep", {{"genre-nested", "sweep-genre-nested.svg"}}}}, ""});
  CHECK_THAT(text, Contains("| Encoder | Differs in | Reading | dim | 1 | 16 | all |\n"));
  CHECK_THAT(text, Contains("| MFCC | – | mean, standardise | 3 | 0.300 [0.200, 0.400] | 0.500 "
                            "[0.400, 0.600] | 0.600 [0.500, 0.700] |\n"));
  CHECK_THAT(text, Contains("| v\\|g | pooling | max | 3 | 0.400 [0.300, 0.500] | – | – |\n"));
  CHECK_THAT(text, Contains("](sweep-genre-nested.svg)"));
  CHECK(text_of(sweeps_section, Results{}).empty());
}

TEST_CASE("the figure of a sweep has every score") {
  const Results results = swept();
  const std::string script = sweep_figure.drawings(results, {}).at(0).script;
  CHECK_THAT(script, Contains("4.0000 0.500000 0.400000 0.600000"));  // 16 labels: four doublings
  CHECK_THAT(script, Contains("'all' 5.0000"));
  CHECK_THAT(script, Contains("set label 101 'v|g'"));
  const TempFolder folder;
  const Figures figures = draw_figures(results, folder.path());
  if (figures.problem.empty()) {
    CHECK_THAT(bytes_of(folder.path() / figures.file("sweep", "genre-nested")), Contains("</svg>"));
  } else {
    CHECK_THAT(figures.problem, Contains("there is no program 'gnuplot'"));
  }
}

TEST_CASE("the contract of each encoder stands with it, and what does not hold below") {
  Results results;
  results.rows.resize(2);
  results.rows[0].encoder = "a";
  results.rows[0].dataset = "d";
  results.rows[1].encoder = "b";
  results.rows[1].dataset = "d";
  CHECK_FALSE(has_contracts(results));
  CHECK_THAT(text_of(foundations_section, results), !Contains("Contract"));
  Fingerprint seed;
  seed.encoder = "a";
  seed.dataset = "d";
  seed.contract = {
      {"width", "holds", "3"}, {"silence", "holds", "ok"}, {"x", "does not apply", ""}};
  results.fingerprints = {seed};
  CHECK(contract_summary(results, "a", "d") == "all 2 hold");
  CHECK(contract_summary(results, "b", "d") == "–");
  seed.seed = 1;
  seed.contract[1] = {"silence", "broken", "a value | is not finite"};
  results.fingerprints.push_back(seed);
  CHECK(contract_summary(results, "a", "d") == "1 hold, **1 broken**");
  seed.contract[0].verdict = "declared";
  results.fingerprints.push_back(seed);
  CHECK(contract_summary(results, "a", "d") == "0 hold, 1 declared, **1 broken**");
  const std::string text = text_of(foundations_section, results);
  CHECK_THAT(text, Contains("| Embeddings | Contract |"));
  CHECK_THAT(text, Contains("- a, contract: silence: broken: a value \\| is not finite\n"));
}

}  // namespace
}  // namespace musicrep

#include "statistics/consistency.h"

#include <catch2/catch.hpp>
#include <functional>

#include "made_results.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

struct Plant {
  const char* name;
  std::function<void(Results&)> plant;
  const char* where;  // what the sentence begins with
  const char* field;
};

const std::vector<Plant>& plants() {
  static const std::vector<Plant> all = {
      {"score", [](Results& r) { r.rows[0].score += 0.01; }, "row 'tlm' of 'genre' under 'nested'",
       "score is"},
      {"interval", [](Results& r) { r.rows[1].ci_low -= 0.001; }, "row 'mfcc' of 'genre'",
       "ci_low is"},
      {"method", [](Results& r) { r.rows[1].ci_method = "by eye"; }, "row 'mfcc' of 'genre'",
       "ci_method is by eye"},
      {"standard error", [](Results& r) { r.rows[2].standard_error *= 2; },
       "row 'tlm' of 'emotion'", "standard_error is"},
      {"baseline", [](Results& r) { r.rows[0].baseline = 0; }, "row 'tlm' of 'genre'",
       "baseline is 0"},
      {"target's score", [](Results& r) { r.rows[3].targets[0].score = 0.9; },
       "row 'mfcc' of 'emotion' under 'nested', targets 'target'", "score is 0.9"},
      {"prediction",
       [](Results& r) {
         TargetResult& target = r.rows[1].targets[0];
         for (std::size_t i = 0; i < 10; ++i) target.predicted[i] = target.truth[i];
       },
       "row 'mfcc' of 'genre'", "recomputed"},
      {"difference", [](Results& r) { r.comparisons[0].difference *= -1; },
       "comparison 'tlm' 'mfcc' 'genre' 'nested'", "difference is"},
      {"p", [](Results& r) { r.comparisons[1].p = 0.04; }, "comparison 'tlm' 'mfcc' 'emotion'",
       "p is 0.04"},
      {"p adjusted", [](Results& r) { r.comparisons[0].p_adjusted = 0.7; }, "comparison 'tlm'",
       "p_adjusted is 0.7"},
      {"comparison left out", [](Results& r) { r.comparisons.pop_back(); }, "comparison",
       "11 entries, recomputed 12"},
      {"letters", [](Results& r) { r.letters[1].letters = "a"; }, "letters 'mfcc' 'genre'",
       "letters is a, recomputed b"},
      {"verdict", [](Results& r) { r.claims[0].verdict = kContradicted; }, "claim 'tlm wins'",
       "verdict is contradicted, recomputed reproduced"},
      {"claim's number", [](Results& r) { r.claims[1].difference = 0.3; },
       "claim 'layers are alike'", "difference is 0.3"},
      {"measure's sample", [](Results& r) { r.measure_samples[0].of_run[0] = 0.9; },
       "claim 'layers are alike'", "recomputed"},
      {"retrieval's measure", [](Results& r) { r.retrievals[1].measures[2].value = 0.99; },
       "retrieval of 'mfcc' on 'albums' 'R@10' 'text to music'", "value is 0.99"},
      {"retrieval's chance", [](Results& r) { r.retrievals[0].measures[0].chance = 0; },
       "retrieval of 'tlm' on 'albums' 'R@1'", "chance is 0"},
      {"fold's score", [](Results& r) { r.rows[0].targets[0].selected[5].test_score = 0.123; },
       "row 'tlm' of 'genre' under 'nested', fold 1, training 1", "test_score is 0.123"},
      {"published", [](Results& r) { r.rows[0].published = 0.61; }, "row 'tlm' of 'genre'",
       "published is 0.61, recomputed 0.6"},
      {"published left out", [](Results& r) { r.rows[3].targets[0].published.reset(); },
       "row 'mfcc' of 'emotion'", "published is nothing, recomputed 0.3"},
      {"claim left out", [](Results& r) { r.claims.pop_back(); }, "claims",
       "their number is 1, recomputed 2"},
      {"claim of another text", [](Results& r) { r.claims[1].text = "layers differ"; },
       "claim 2 of the experiment's text", "text is layers differ, recomputed layers are alike"},
      {"claim of another source", [](Results& r) { r.claims[0].source = "nobody"; },
       "claim 1 of the experiment's text", "source is nobody"},
  };
  return all;
}

}  // namespace

TEST_CASE("results that follow from each other have no inconsistencies") {
  CHECK(inconsistencies(made_results()).empty());
}

TEST_CASE("every planted contradiction is found, and named") {
  for (const Plant& planted : plants()) {
    CAPTURE(planted.name);
    Results results = made_results();
    planted.plant(results);
    const std::vector<std::string> found = inconsistencies(results);
    REQUIRE_FALSE(found.empty());
    CHECK_THAT(found.front(), StartsWith(planted.where));
    CHECK_THAT(found.front(), Contains(planted.field));
  }
}

TEST_CASE("one contradiction is one sentence, several are all named") {
  Results results = made_results();
  results.comparisons[0].p = 0.5;
  CHECK(inconsistencies(results).size() == 1);
  results.letters[1].letters = "a";
  results.rows[0].score = 0.1;
  CHECK(inconsistencies(results).size() == 3);
}

TEST_CASE("rounding on another machine is no contradiction") {
  Results results = made_results();
  for (ResultRow& row : results.rows) row.ci_low *= 1 + 1e-13;
  for (Comparison& c : results.comparisons) c.p *= 1 + 1e-12;
  CHECK(inconsistencies(results).empty());
}

TEST_CASE("a row of one artist, whose error is infinite, follows from itself") {
  Results results;
  results.rows = {made_row("a", {.n = 8, .group_size = 8}, 1),
                  made_row("b", {.n = 8, .group_size = 8}, 2)};
  derive_statistics(results);
  CHECK(inconsistencies(results).empty());
}

TEST_CASE("results of older rules are one sentence, whatever else is wrong") {
  Results results = made_results();
  results.rows[0].score = 0.1;
  results.provenance["statistics_version"] = "1";
  std::vector<std::string> found = inconsistencies(results);
  REQUIRE(found.size() == 1);
  CHECK_THAT(found.front(), Contains("version 1 of the rules") && Contains("musicrep restate"));
  results.provenance.erase("statistics_version");
  CHECK(inconsistencies(results) == found);
}

}  // namespace musicrep

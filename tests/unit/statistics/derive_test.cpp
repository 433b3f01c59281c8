#include "statistics/derive.h"

#include <catch2/catch.hpp>

#include "made_results.h"
#include "store/results_json.h"

namespace musicrep {

TEST_CASE("deriving again changes no bit") {
  Results results = made_results();
  const std::string digest = content_digest(results);
  derive_statistics(results);
  CHECK(content_digest(results) == digest);
}

TEST_CASE("what is derived replaces what was there") {
  Results results = made_results();
  const nlohmann::json expected = digested_content(results);
  results.rows[0].score = 9;
  results.rows[1].ci_method = "by eye";
  results.rows[2].targets.front().ci_low = -5;
  results.comparisons.push_back(results.comparisons.front());
  results.comparisons.front().p = 0.5;
  results.letters.clear();
  results.claims[0].verdict = kContradicted;
  results.retrievals[1].measures.front().value = 3;
  results.provenance.erase("statistics_version");
  derive_statistics(results);
  CHECK(digested_content(results) == expected);
}

TEST_CASE("all tables have comparisons and letters, those of retrieval behind those of rows") {
  const Results results = made_results();
  CHECK(results.comparisons.size() == 2 + 10);
  CHECK(results.letters.size() == 2 * (2 + 10));
  CHECK(results.comparisons[0].task == "genre");
  CHECK(results.comparisons[1].task == "emotion");
  CHECK(results.comparisons[2].protocol == "text to music, R@1");
  CHECK(results.claims[0].verdict == kReproduced);
  CHECK(results.provenance.at("statistics_version") == std::to_string(kStatisticsVersion));
}

TEST_CASE("rows that failed are left as they are") {
  Results results = made_results();
  ResultRow failed;
  failed.encoder = "broken";
  failed.task = "genre";
  failed.protocol = "nested";
  failed.failure = "no vectors";
  results.rows.push_back(failed);
  const std::size_t n_comparisons = results.comparisons.size();
  derive_statistics(results);
  CHECK(results.comparisons.size() == n_comparisons);
  CHECK(results.rows.back().score == 0);
  Results empty;
  derive_statistics(empty);
  CHECK(empty.comparisons.empty());
}

}  // namespace musicrep

// harness/metrics/retrieval.h against NumPy and scikit-learn; make_retrieval_fixture.py wrote the
// fixture.
#include "metrics/retrieval.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

namespace musicrep {
namespace {

using nlohmann::json;

void check(const json& expected, const std::vector<std::int64_t>& ranks) {
  CHECK(ranks == expected.at("ranks").get<std::vector<std::int64_t>>());
  const RetrievalScores scores = retrieval_scores(ranks);
  CHECK(scores.recall_at_1 == Approx(expected.at("recall")[0].get<double>()).epsilon(1e-14));
  CHECK(scores.recall_at_5 == Approx(expected.at("recall")[1].get<double>()).epsilon(1e-14));
  CHECK(scores.recall_at_10 == Approx(expected.at("recall")[2].get<double>()).epsilon(1e-14));
  CHECK(scores.median_rank == expected.at("median").get<double>());
  CHECK(scores.mean_reciprocal_rank == Approx(expected.at("mrr").get<double>()).epsilon(1e-13));
}

void check_best(const json& expected, const std::vector<std::int64_t>& best) {
  CHECK(best == expected.get<std::vector<std::int64_t>>());
}

TEST_CASE("cosines, ranks and scores of retrieval are NumPy's and scikit-learn's") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/metrics/retrieval.json");
  REQUIRE(in);
  const json fixture = json::parse(in);
  REQUIRE(fixture.at("cases").size() == 5);
  for (const json& c : fixture.at("cases")) {
    const std::size_t n = c.at("n");
    const std::size_t d = c.at("d");
    CAPTURE(n, d);
    const Matrix found = cosines(Matrix(n, d, c.at("a")), Matrix(n, d, c.at("b")));
    const Matrix expected(n, n, c.at("cosines").get<std::vector<double>>());
    for (std::size_t i = 0; i < n * n; ++i) {
      CHECK(found.values()[i] == Approx(expected.values()[i]).epsilon(1e-13).margin(1e-15));
    }
    const Matrix scores(n, n, c.at("scores").get<std::vector<double>>());
    check(c.at("rows"), ranks_of_own(scores));
    check(c.at("columns"), ranks_of_own_by_column(scores));
    check_best(c.at("best_rows"), best_candidates(scores, 5));
    check_best(c.at("best_columns"), best_candidates_by_column(scores, 5));
    CHECK(chance_retrieval_scores(n).mean_reciprocal_rank ==
          Approx(c.at("chance_mrr").get<double>()).epsilon(1e-13));
    CHECK(chance_retrieval_scores(n).median_rank == c.at("chance_median").get<double>());
  }
}

}  // namespace
}  // namespace musicrep

#include "metrics/retrieval.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"

namespace musicrep {
namespace {

using Ranks = std::vector<std::int64_t>;

TEST_CASE("cosines by hand, 0 for a row of zeros") {
  const Matrix a(3, 2, {1, 0, 3, 4, 0, 0});
  const Matrix b(2, 2, {2, 0, -4, 3});
  const Matrix c = cosines(a, b);
  CHECK(c.at(0, 0) == 1);
  CHECK(c.at(0, 1) == Approx(-0.8));
  CHECK(c.at(1, 0) == Approx(0.6));
  CHECK(c.at(1, 1) == Approx(0).margin(1e-15));
  CHECK(c.at(2, 0) == 0);
  CHECK(c.at(2, 1) == 0);
}

TEST_CASE("the rank of the own candidate, by row and by column") {
  const Matrix scores(3, 3,
                      {0.9, 0.1, 0.2,    //
                       0.8, 0.7, 0.75,   //
                       0.3, 0.6, 0.5});  //
  CHECK(ranks_of_own(scores) == Ranks{1, 3, 2});
  CHECK(ranks_of_own_by_column(scores) == Ranks{1, 1, 2});
}

TEST_CASE("the best candidates come in the order of their scores, the own one last of a tie") {
  const Matrix scores(3, 3,
                      {0.9, 0.1, 0.2,    //
                       0.8, 0.7, 0.75,   //
                       0.5, 0.6, 0.5});  //
  CHECK(best_candidates(scores, 2) == Ranks{0, 2, 0, 2, 1, 0});
  CHECK(best_candidates(scores, 5) == Ranks{0, 2, 1, 0, 2, 1, 1, 0, 2});
  CHECK(best_candidates_by_column(scores, 1) == Ranks{0, 1, 1});
  CHECK(best_candidates(Matrix(3, 3, std::vector<double>(9, 1)), 3) ==
        Ranks{1, 2, 0, 0, 2, 1, 0, 1, 2});
}

TEST_CASE("ties count against a query: equal vectors find nothing") {
  const Matrix same(4, 3, std::vector<double>(12, 1));
  const Matrix scores = cosines(same, same);
  CHECK(ranks_of_own(scores) == Ranks{4, 4, 4, 4});
  CHECK(retrieval_scores(ranks_of_own(scores)).recall_at_1 == 0);
}

TEST_CASE("scores of ranks by hand") {
  const RetrievalScores scores = retrieval_scores(Ranks{1, 12, 5, 2});
  CHECK(scores.recall_at_1 == 0.25);
  CHECK(scores.recall_at_5 == 0.75);
  CHECK(scores.recall_at_10 == 0.75);
  CHECK(scores.median_rank == 3.5);
  CHECK(scores.mean_reciprocal_rank == Approx((1 + 1.0 / 12 + 0.2 + 0.5) / 4));
  CHECK(retrieval_scores(Ranks{7, 1, 3}).median_rank == 3);
}

TEST_CASE("chance is what random scores give on average") {
  constexpr std::size_t kN = 40;
  Random random(1);
  RetrievalScores sum;
  constexpr int kTimes = 400;
  for (int time = 0; time < kTimes; ++time) {
    Matrix scores(kN, kN);
    for (std::size_t i = 0; i < kN; ++i) {
      for (double& s : scores.row(i)) s = random.normal();
    }
    const RetrievalScores one = retrieval_scores(ranks_of_own(scores));
    sum.recall_at_1 += one.recall_at_1 / kTimes;
    sum.recall_at_5 += one.recall_at_5 / kTimes;
    sum.recall_at_10 += one.recall_at_10 / kTimes;
    sum.median_rank += one.median_rank / kTimes;
    sum.mean_reciprocal_rank += one.mean_reciprocal_rank / kTimes;
  }
  const RetrievalScores chance = chance_retrieval_scores(kN);
  CHECK(chance.recall_at_1 == Approx(1.0 / kN));
  CHECK(sum.recall_at_1 == Approx(chance.recall_at_1).margin(0.004));
  CHECK(sum.recall_at_5 == Approx(chance.recall_at_5).margin(0.01));
  CHECK(sum.recall_at_10 == Approx(chance.recall_at_10).margin(0.01));
  CHECK(sum.median_rank == Approx(chance.median_rank).margin(0.6));
  CHECK(sum.mean_reciprocal_rank == Approx(chance.mean_reciprocal_rank).margin(0.005));
}

TEST_CASE("fewer candidates than 5 are all among the first 5") {
  const RetrievalScores chance = chance_retrieval_scores(3);
  CHECK(chance.recall_at_5 == 1);
  CHECK(chance.recall_at_10 == 1);
  CHECK(chance.median_rank == 2);
}

}  // namespace
}  // namespace musicrep

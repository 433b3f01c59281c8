// How well things of one kind are found by things of another, one right answer each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// Cosines of each row of `a` [n, d] with each row of `b` [m, d], [n, m]. A row of zeros has cosine
/// 0 with all. In plain loops of double: the same bits everywhere.
Matrix cosines(const Matrix& a, const Matrix& b);

/// Rank, from 1, of candidate i for query i in `scores` [n, n] (query, candidate): how many
/// candidates score at least as much as it, itself among them. Ties so count against a query:
/// vectors that are all the same find nothing.
std::vector<std::int64_t> ranks_of_own(const Matrix& scores);
/// The same with rows and columns exchanged: rank of query i for candidate i.
std::vector<std::int64_t> ranks_of_own_by_column(const Matrix& scores);

/// The `count` candidates, at most n, that score best for each query of `scores` [n, n], the best
/// first, [n * min(count, n)]. Of candidates that score alike the own one is last, so that it has
/// the place that ranks_of_own() says; the others keep their order.
std::vector<std::int64_t> best_candidates(const Matrix& scores, std::size_t count);
/// The same with rows and columns exchanged: the best queries for each candidate.
std::vector<std::int64_t> best_candidates_by_column(const Matrix& scores, std::size_t count);

/// What retrieval papers report of ranks (e.g. Radford et al. 2021; Manco et al. 2022).
struct RetrievalScores {
  double recall_at_1 = 0;  ///< share of queries whose own candidate is first
  double recall_at_5 = 0;  ///< ... is among the first five
  double recall_at_10 = 0;
  double median_rank = 0;           ///< numpy.median's
  double mean_reciprocal_rank = 0;  ///< mean of 1 / rank
};

/// Of ranks [n], n >= 1.
RetrievalScores retrieval_scores(std::span<const std::int64_t> ranks);

/// What is expected where candidates come in random order: of n, each rank is as likely.
RetrievalScores chance_retrieval_scores(std::size_t n);

}  // namespace musicrep

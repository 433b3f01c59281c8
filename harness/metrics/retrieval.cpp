#include "metrics/retrieval.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace musicrep {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

std::vector<double> norms(const Matrix& m) {
  std::vector<double> out;
  for (std::size_t i = 0; i < m.rows(); ++i) out.push_back(std::sqrt(dot(m.row(i), m.row(i))));
  return out;
}

}  // namespace

Matrix cosines(const Matrix& a, const Matrix& b) {
  assert(a.cols() == b.cols());
  const std::vector<double> of_a = norms(a);
  const std::vector<double> of_b = norms(b);
  Matrix out(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < b.rows(); ++j) {
      const double length = of_a[i] * of_b[j];
      out.at(i, j) = length > 0 ? dot(a.row(i), b.row(j)) / length : 0;
    }
  }
  return out;
}

std::vector<std::int64_t> ranks_of_own(const Matrix& scores) {
  assert(scores.rows() == scores.cols());
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < scores.rows(); ++i) {
    const double own = scores.at(i, i);
    out.push_back(std::ranges::count_if(scores.row(i), [&](double s) { return s >= own; }));
  }
  return out;
}

std::vector<std::int64_t> ranks_of_own_by_column(const Matrix& scores) {
  Matrix turned(scores.cols(), scores.rows());
  for (std::size_t i = 0; i < scores.rows(); ++i) {
    for (std::size_t j = 0; j < scores.cols(); ++j) turned.at(j, i) = scores.at(i, j);
  }
  return ranks_of_own(turned);
}

RetrievalScores retrieval_scores(std::span<const std::int64_t> ranks) {
  assert(!ranks.empty());
  std::vector<std::int64_t> sorted(ranks.begin(), ranks.end());
  std::ranges::sort(sorted);
  const auto n = static_cast<double>(sorted.size());
  const auto within = [&](std::int64_t k) {
    return static_cast<double>(std::ranges::upper_bound(sorted, k) - sorted.begin()) / n;
  };
  RetrievalScores out{within(1), within(5), within(10), 0, 0};
  const std::size_t half = sorted.size() / 2;
  out.median_rank = sorted.size() % 2 == 1
                        ? static_cast<double>(sorted[half])
                        : static_cast<double>(sorted[half - 1] + sorted[half]) / 2;
  for (const std::int64_t rank : sorted) {
    out.mean_reciprocal_rank += 1 / static_cast<double>(rank) / n;
  }
  return out;
}

RetrievalScores chance_retrieval_scores(std::size_t n) {
  assert(n >= 1);
  std::vector<std::int64_t> every;
  for (std::size_t rank = 1; rank <= n; ++rank) every.push_back(static_cast<std::int64_t>(rank));
  return retrieval_scores(every);
}

}  // namespace musicrep

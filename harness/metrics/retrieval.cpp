#include "metrics/retrieval.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <tuple>

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

Matrix transposed(const Matrix& m) {
  Matrix out(m.cols(), m.rows());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.cols(); ++j) out.at(j, i) = m.at(i, j);
  }
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
  return ranks_of_own(transposed(scores));
}

std::vector<std::int64_t> best_candidates(const Matrix& scores, std::size_t count) {
  assert(scores.rows() == scores.cols());
  const std::size_t n = scores.rows();
  const auto kept = static_cast<std::ptrdiff_t>(std::min(count, n));
  std::vector<std::int64_t> out;
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto comes_before = [&](std::size_t a, std::size_t b) {
      return std::tuple(-scores.at(i, a), a == i, a) < std::tuple(-scores.at(i, b), b == i, b);
    };
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::partial_sort(order, order.begin() + kept, comes_before);
    for (std::ptrdiff_t k = 0; k < kept; ++k) {
      out.push_back(static_cast<std::int64_t>(order[static_cast<std::size_t>(k)]));
    }
  }
  return out;
}

std::vector<std::int64_t> best_candidates_by_column(const Matrix& scores, std::size_t count) {
  return best_candidates(transposed(scores), count);
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

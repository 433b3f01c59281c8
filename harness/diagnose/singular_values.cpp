#include "diagnose/singular_values.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

namespace musicrep {
namespace {

constexpr double kOrthogonal = 1e-15;  // cosine of two rows that count as orthogonal
constexpr int kMostSweeps = 40;        // 6 to 10 are usual

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Matrix with_fewer_rows(const Matrix& m) {
  if (m.rows() <= m.cols()) return m;
  Matrix out(m.cols(), m.rows());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.cols(); ++j) out.at(j, i) = m.at(i, j);
  }
  return out;
}

/// Turns two rows in their plane until they are orthogonal; false where they were.
bool rotate(std::span<double> p, std::span<double> q) {
  const double pp = dot(p, p);
  const double qq = dot(q, q);
  const double pq = dot(p, q);
  if (std::abs(pq) <= kOrthogonal * std::sqrt(pp) * std::sqrt(qq)) return false;
  const double zeta = (qq - pp) / (2 * pq);
  const double tangent = std::copysign(1, zeta) / (std::abs(zeta) + std::hypot(1, zeta));
  const double cosine = 1 / std::hypot(1, tangent);
  const double sine = cosine * tangent;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double old = p[k];
    p[k] = cosine * old - sine * q[k];
    q[k] = sine * old + cosine * q[k];
  }
  return true;
}

}  // namespace

std::vector<double> singular_values(const Matrix& m) {
  Matrix a = with_fewer_rows(m);
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < kMostSweeps; ++sweep) {
    rotated = false;
    for (std::size_t p = 0; p + 1 < a.rows(); ++p) {
      for (std::size_t q = p + 1; q < a.rows(); ++q) rotated |= rotate(a.row(p), a.row(q));
    }
  }
  std::vector<double> out;
  for (std::size_t r = 0; r < a.rows(); ++r) out.push_back(std::sqrt(dot(a.row(r), a.row(r))));
  std::ranges::sort(out, std::greater<>());
  return out;
}

}  // namespace musicrep

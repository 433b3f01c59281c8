#include "frontend/dct.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace musicrep {

Dct::Dct(std::size_t n, std::size_t n_coefficients)
    : n_(n), n_coefficients_(n_coefficients), basis_(n * n_coefficients) {
  assert(n > 0 && n_coefficients <= n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n_coefficients; ++k) {
      const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / static_cast<double>(n));
      const double angle = std::numbers::pi * static_cast<double>(k) *
                           static_cast<double>(2 * i + 1) / static_cast<double>(2 * n);
      basis_[i * n_coefficients + k] = scale * std::cos(angle);
    }
  }
}

void Dct::apply(std::span<const double> values, std::span<double> coefficients) const {
  assert(values.size() == n_ && coefficients.size() == n_coefficients_);
  std::fill(coefficients.begin(), coefficients.end(), 0.0);
  for (std::size_t i = 0; i < n_; ++i) {
    const double value = values[i];
    const double* basis = basis_.data() + i * n_coefficients_;
    for (std::size_t k = 0; k < n_coefficients_; ++k) coefficients[k] += value * basis[k];
  }
}

}  // namespace musicrep

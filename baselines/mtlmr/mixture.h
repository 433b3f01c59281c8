// Mixtures of normal distributions in one dimension.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// Weights, means and variances of the components, ascending means at the beginning.
struct Mixture {
  std::vector<double> weights;
  std::vector<double> means;
  std::vector<double> variances;

  /// P(component | value), [components], sums to 1.
  [[nodiscard]] std::vector<double> posterior(double value) const;
};

/// Fits `values` (finite, at least one) by `iterations` of expectation maximisation. Begins with
/// equal weights, the means at the quantiles (k + 1/2) / components of `values` and the variance of
/// `values` divided by the components' number. To each variance 1/1000 of the variance of `values`
/// is added, so that no component shrinks to a point (as reg_covar of scikit-learn). Where all
/// values are equal, all posteriors are uniform.
Mixture fit_mixture(std::span<const double> values, std::size_t components, std::size_t iterations);

}  // namespace musicrep

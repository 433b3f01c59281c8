#include "mixture.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace musicrep {
namespace {

constexpr double kAddedVariance = 1e-3;  // of that of the values
// Keeps a component that nothing belongs to from dividing by zero.
constexpr double kFewest = 1e-300;

}  // namespace

std::vector<double> Mixture::posterior(double value) const {
  const std::size_t n = weights.size();
  std::vector<double> out(n);
  double most = -HUGE_VAL;
  for (std::size_t k = 0; k < n; ++k) {
    const double deviation = value - means[k];
    out[k] = std::log(weights[k]) - 0.5 * (std::log(2 * std::numbers::pi * variances[k]) +
                                           deviation * deviation / variances[k]);
    most = std::max(most, out[k]);
  }
  double sum = 0;
  for (double& x : out) {
    x = std::exp(x - most);
    sum += x;
  }
  for (double& x : out) x /= sum;
  return out;
}

Mixture fit_mixture(std::span<const double> values, std::size_t components,
                    std::size_t iterations) {
  assert(!values.empty() && components > 0);
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double x : values) mean += x / n;
  double variance = 0;
  for (const double x : values) variance += (x - mean) * (x - mean) / n;
  if (variance == 0) variance = 1;

  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  Mixture mixture;
  const auto count = static_cast<double>(components);
  mixture.weights.assign(components, 1 / count);
  mixture.variances.assign(components, variance / count);
  for (std::size_t k = 0; k < components; ++k) {
    mixture.means.push_back(sorted[(2 * k + 1) * sorted.size() / (2 * components)]);
  }

  for (std::size_t i = 0; i < iterations; ++i) {
    std::vector<double> sum(components, kFewest);
    std::vector<double> first(components);
    std::vector<double> second(components);  // about the component's old mean, to lose no digits
    for (const double x : values) {
      const std::vector<double> share = mixture.posterior(x);
      for (std::size_t k = 0; k < components; ++k) {
        const double deviation = x - mixture.means[k];
        sum[k] += share[k];
        first[k] += share[k] * deviation;
        second[k] += share[k] * deviation * deviation;
      }
    }
    for (std::size_t k = 0; k < components; ++k) {
      const double shift = first[k] / sum[k];
      mixture.weights[k] = sum[k] / n;
      mixture.means[k] += shift;
      mixture.variances[k] =
          std::max(second[k] / sum[k] - shift * shift, 0.0) + kAddedVariance * variance;
    }
  }
  return mixture;
}

}  // namespace musicrep

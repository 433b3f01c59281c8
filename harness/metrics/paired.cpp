#include "metrics/paired.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "metrics/bootstrap.h"

namespace musicrep {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sample variance, n >= 2.
double variance_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

/// `values` in order of `before`; equal ones keep their order.
template <typename Before>
std::vector<std::size_t> sorted_order(std::span<const double> values, Before before) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return before(values[i], values[j]); });
  return order;
}

PairedDifference summarise(std::size_t n,
                           const std::function<double(std::span<const std::size_t>)>& difference,
                           const std::vector<double>& resampled) {
  PairedDifference result;
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  result.difference = difference(all);
  result.interval = percentile_interval(resampled);
  if (resampled.size() > 1) result.standard_error = std::sqrt(variance_of(resampled));
  if (std::isnan(result.interval.low)) return result;

  const auto not_above =
      std::count_if(resampled.begin(), resampled.end(), [](double d) { return d <= 0; });
  const auto not_below =
      std::count_if(resampled.begin(), resampled.end(), [](double d) { return d >= 0; });
  const auto resamples = static_cast<double>(resampled.size());
  result.p = std::clamp(2 * static_cast<double>(std::min(not_above, not_below)) / resamples,
                        1 / (resamples + 1), 1.0);
  return result;
}

}  // namespace

McNemar mcnemar(std::span<const char> a_right, std::span<const char> b_right) {
  assert(a_right.size() == b_right.size());
  McNemar result;
  for (std::size_t i = 0; i < a_right.size(); ++i) {
    if (a_right[i] != 0 && b_right[i] == 0) ++result.only_a;
    if (a_right[i] == 0 && b_right[i] != 0) ++result.only_b;
  }
  const auto discordant = static_cast<double>(result.only_a + result.only_b);
  if (discordant == 0) return result;

  const auto fewer = static_cast<double>(std::min(result.only_a, result.only_b));
  const boost::math::binomial_distribution<double> coin(discordant, 0.5);
  const double point = boost::math::pdf(coin, fewer);
  if (result.only_a == result.only_b) {
    result.p_mid = 1 - point / 2;
    return result;
  }
  result.p_exact = std::min(1.0, 2 * boost::math::cdf(coin, fewer));
  result.p_mid = result.p_exact - point;
  const double corrected = discordant - 2 * fewer - 1;
  const boost::math::chi_squared_distribution<double> chi_squared(1);
  result.p_chi2 =
      boost::math::cdf(boost::math::complement(chi_squared, corrected * corrected / discordant));
  return result;
}

PairedDifference paired_bootstrap(
    std::size_t n, const std::function<double(std::span<const std::size_t>)>& difference,
    std::uint64_t seed, std::size_t n_resamples) {
  assert(n >= 1 && n_resamples >= 1);
  return summarise(n, difference, bootstrap_scores(n, difference, seed, n_resamples));
}

PairedDifference paired_bootstrap(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& difference, std::uint64_t seed,
    std::size_t n_resamples) {
  assert(!group.empty() && n_resamples >= 1);
  return summarise(group.size(), difference,
                   cluster_bootstrap_scores(group, n_groups, difference, seed, n_resamples));
}

CorrectedT nadeau_bengio(std::span<const double> differences, double n_test_over_n_train) {
  assert(n_test_over_n_train >= 0);
  if (differences.size() < 2) return {};
  // Found by comparing: the rounded mean of equal differences may leave a little variance behind.
  const double first = differences.front();
  const bool equal =
      std::all_of(differences.begin(), differences.end(), [&](double d) { return d == first; });
  const auto k = static_cast<double>(differences.size());
  const double mean = equal ? first : mean_of(differences);
  const double variance = equal ? 0 : variance_of(differences) * (1 / k + n_test_over_n_train);
  if (mean == 0 && variance == 0) return {};
  CorrectedT result;
  result.t = mean / std::sqrt(variance);
  if (std::isinf(result.t)) {
    result.p = 0;
  } else if (!std::isnan(result.t)) {
    const boost::math::students_t_distribution<double> student(k - 1);
    result.p = 2 * boost::math::cdf(boost::math::complement(student, std::abs(result.t)));
  }
  return result;
}

double smallest_detectable_accuracy(std::size_t n, double discordance) {
  assert(n >= 1 && discordance >= 0 && discordance <= 1);
  return smallest_detectable(std::sqrt(discordance / static_cast<double>(n)));
}

double smallest_detectable(double standard_error) {
  const boost::math::normal_distribution<double> normal;
  return (boost::math::quantile(normal, 0.975) + boost::math::quantile(normal, 0.8)) *
         standard_error;
}

std::vector<double> holm(std::span<const double> p_values) {
  assert(std::all_of(p_values.begin(), p_values.end(), [](double p) { return p >= 0 && p <= 1; }));
  const std::vector<std::size_t> order = sorted_order(p_values, std::less<>());
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto remaining = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, remaining * p_values[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

std::vector<std::int64_t> shared_ranks(
    std::span<const double> scores,
    const std::function<bool(std::size_t, std::size_t)>& distinguishable) {
  const std::vector<std::size_t> order = sorted_order(scores, std::greater<>());
  std::vector<std::int64_t> ranks(scores.size());
  std::size_t leader = 0;  // its place in `order`
  for (std::size_t place = 0; place < order.size(); ++place) {
    if (place > 0 && distinguishable(order[leader], order[place])) leader = place;
    ranks[order[place]] = static_cast<std::int64_t>(leader) + 1;
  }
  return ranks;
}

}  // namespace musicrep

// Tests between two encoders scored on the same items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "metrics/intervals.h"

namespace musicrep {

/// McNemar's test on two lists of right (1) and wrong (0), [n] each.
struct McNemar {
  std::size_t only_a = 0;  ///< items that a alone gets right
  std::size_t only_b = 0;
  double p_exact = 1;  ///< two-sided binomial
  double p_mid = 1;    ///< mid-p (Fagerland, Lydersen, Laake 2013), less conservative
  double p_chi2 = 1;   ///< chi-squared with continuity correction (Edwards 1948)
};
McNemar mcnemar(std::span<const char> a_right, std::span<const char> b_right);

/// Paired bootstrap of a difference: items are resampled once for both encoders.
struct PairedDifference {
  double difference = 0;  ///< on the items as they are
  Interval interval;      ///< 95 %, percentile
  double p = 1;           ///< two-sided: 2 min(P(d* <= 0), P(d* >= 0)), at least 1/(n_resamples+1)
  double standard_error = 0;
};
PairedDifference paired_bootstrap(
    std::size_t n, const std::function<double(std::span<const std::size_t>)>& difference,
    std::uint64_t seed, std::size_t n_resamples = 2000);

/// Corrected resampled t-test (Nadeau and Bengio 2003, eq. 9): `differences` over k folds or
/// repeats, variance times (1/k + n_test/n_train). Two-sided p, k-1 degrees of freedom.
struct CorrectedT {
  double t = 0;
  double p = 1;
};
CorrectedT nadeau_bengio(std::span<const double> differences, double n_test_over_n_train);

/// Smallest difference of accuracies that n paired items show at two-sided 5 % with 80 % power,
/// where a share `discordance` of the items is right for one encoder alone: (z_.975 + z_.80)
/// sqrt(discordance / n).
double smallest_detectable_accuracy(std::size_t n, double discordance);
/// The same from a standard error of the paired difference.
double smallest_detectable(double standard_error);

/// Holm's step-down adjustment (Holm 1979); order kept.
std::vector<double> holm(std::span<const double> p_values);

/// Ranks, 1 first, of encoders with `scores` (higher is better), where distinguishable(i, j) says
/// whether two of them differ. In order of score, an encoder joins the rank of the group's best
/// unless it differs from that best; so whoever shares a rank cannot be told from its leader.
std::vector<std::int64_t> shared_ranks(
    std::span<const double> scores,
    const std::function<bool(std::size_t, std::size_t)>& distinguishable);

}  // namespace musicrep

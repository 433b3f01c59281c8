// Tests between two encoders scored on the same items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "metrics/intervals.h"

namespace musicrep {

/// McNemar's test on two lists of right (1) and wrong (0), [n] each. With nothing to tell the lists
/// apart, every p is 1.
struct McNemar {
  std::size_t only_a = 0;  ///< items that a alone gets right
  std::size_t only_b = 0;
  double p_exact = 1;  ///< two-sided binomial
  /// Mid-p (Fagerland, Lydersen, Laake 2013), less conservative: p_exact less the probability of
  /// the counts as they are; half of that where only_a = only_b, the middle of the distribution.
  double p_mid = 1;
  /// Chi-squared with continuity correction (Edwards 1948). As R's mcnemar.test, only_a = only_b
  /// gives 1: the correction never makes a difference where there is none.
  double p_chi2 = 1;
};
McNemar mcnemar(std::span<const char> a_right, std::span<const char> b_right);

/// Paired bootstrap of a difference: items are resampled once for both encoders. Draws the same
/// items as bootstrap_interval() of the same n and seed. Where a resample's difference is NaN,
/// interval and standard_error are NaN and p is 1.
struct PairedDifference {
  double difference = 0;  ///< on the items as they are
  Interval interval;      ///< 95 %, percentile
  double p = 1;           ///< two-sided: 2 min(P(d* <= 0), P(d* >= 0)), at least 1/(n_resamples+1)
  double standard_error = 0;  ///< standard deviation of d* (n_resamples - 1); 0 for one resample
};
PairedDifference paired_bootstrap(
    std::size_t n, const std::function<double(std::span<const std::size_t>)>& difference,
    std::uint64_t seed, std::size_t n_resamples = 2000);

/// The same with groups of items drawn whole: group[i] in [0, n_groups). Draws the same items as
/// cluster_bootstrap_interval() of the same groups and seed.
PairedDifference paired_bootstrap(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& difference, std::uint64_t seed,
    std::size_t n_resamples = 2000);

/// Corrected resampled t-test (Nadeau and Bengio 2003, eq. 9): `differences` over k folds or
/// repeats, variance times (1/k + n_test/n_train). Two-sided p, k-1 degrees of freedom.
/// Differences that are all equal have no variance: t is infinite and p 0, or, where all are 0,
/// t = 0 and p = 1. Fewer than two tell nothing: t = 0, p = 1. A NaN among them: t NaN, p 1.
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

/// Holm's step-down adjustment (Holm 1979) of p-values in [0, 1]; order kept.
std::vector<double> holm(std::span<const double> p_values);

/// Ranks, 1 first, of encoders with `scores` (higher is better, none NaN), where
/// distinguishable(i, j) says whether two of them differ. In order of score, an encoder joins the
/// rank of the group's best unless it differs from that best; so whoever shares a rank cannot be
/// told from its leader. Ranks count encoders: 1, 1, 3 where two share the first place. Of equal
/// scores the first listed leads.
std::vector<std::int64_t> shared_ranks(
    std::span<const double> scores,
    const std::function<bool(std::size_t, std::size_t)>& distinguishable);

}  // namespace musicrep

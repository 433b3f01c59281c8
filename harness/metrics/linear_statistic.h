// Standard errors of scores whose items come in groups, and whose encoder was trained several
// times.
#pragma once

#include <cstddef>
#include <vector>

#include "metrics/estimate.h"

namespace musicrep {

/// A score of n items in each of several runs (trainings of an encoder; draws of training items),
/// linearised: the score of new items is of_run[r] plus the mean of as many new influences
/// (Hampel 1974; the infinitesimal jackknife). All runs score the same items.
struct LinearStatistic {
  std::vector<double> of_run;  ///< [n_runs]
  /// [n_runs][n] of mean 0 in each run; or [1][n] their mean, where that is all that was kept: then
  /// what groups and runs share is counted in both.
  std::vector<std::vector<double>> influence;
  /// [n_folds] score of each fold, averaged over runs, where the value is their mean; else empty.
  std::vector<double> of_fold = {};
  [[nodiscard]] double value() const;  ///< mean over runs
};

/// a - b, run by run, item by item. Runs of both are paired by their number, which is right whether
/// they share a seed or nothing; a score of one run is taken as it is in every run of the other.
/// Asserts the same items, and as many runs or one.
LinearStatistic difference(const LinearStatistic& a, const LinearStatistic& b);

/// How the items were drawn.
struct Sample {
  std::vector<std::size_t> group;  ///< [n] of each item, in [0, n_groups); no group is empty
  std::size_t n_groups = 0;
  /// Test items over training items of a fold where every item is tested (cross-validation); 0
  /// where the training items are a fixed set.
  double test_over_train = 0;
  /// Kish's effective number of groups, (sum of sizes)^2 / sum of squared sizes.
  [[nodiscard]] double effective_groups() const;
};

/// The value and its standard error over new groups, new training items and new runs:
/// - between groups: the cluster-robust variance of the items' influences, averaged over runs
///   (Liang and Zeger 1986), with G / (G - 1);
/// - or, of a mean over folds, the variance between folds, where that is larger: in folds of few
///   items a score such as r2 is far from linear;
/// - times 1 + test_over_train for the training items, which a new sample would change, too: the
///   correction of Nadeau and Bengio 2003 for many repeats, applied to items;
/// - between runs: groups and runs are crossed, so their variances add and that of their
///   interaction, which is in both, is taken off once (Cameron, Gelbach and Miller 2011); runs
///   never take away from the variance.
/// Degrees of freedom by Satterthwaite 1946, of effective_groups() - 1 and n_runs - 1.
/// The standard error is infinite for one group.
Estimate estimate(const LinearStatistic& statistic, const Sample& sample);

/// The same for the difference of two shares of right answers (influence: 1 or 0 less the share).
/// The variance between items is that of Bonett and Price 2012, who add an item to each side, times
/// the design effect of the groups, which is taken to be at least 1 for the added items: few items
/// on which two encoders differ do not look certain, none do not look known. The value is that of
/// the items as they are.
Estimate estimate_of_share_difference(const LinearStatistic& statistic, const Sample& sample);

}  // namespace musicrep

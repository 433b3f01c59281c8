// Metrics as types: the score of predictions, what each item adds to it, and how it behaves.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/estimate.h"

namespace musicrep {

/// What a metric's true and predicted values are.
enum class MetricTarget {
  kClasses,  ///< whole numbers from 0
  kNumbers,
  kRanks,  ///< predictions are ranks of the right answer, from 1; truth is not looked at
  /// Truth is 1 for items that have a tag, else 0; predictions are higher where it is more likely.
  /// They are comparable within one training of a probe alone: each fold is scored separately.
  kTags,
};

/// A score of predictions, higher is better. One object a metric, in metric.cpp: that is all there
/// is to add one. The first for a kind of target is what a task has where it names none.
struct Metric {
  std::string_view name;   ///< "accuracy", "r2", "R@10"
  std::string_view title;  ///< for axes and headings: "accuracy", "macro F1"
  MetricTarget target = MetricTarget::kClasses;
  /// The score is the number of right answers among n, divided by n: counts are compared, so that
  /// equal candidates tie exactly.
  bool counts = false;
  Scale scale = Scale::kMean;
  /// Score of n predictions, n >= 1.
  double (*score)(std::span<const double> truth, std::span<const double> predicted) = nullptr;
  /// [n] first-order influence of each item on the score, of mean 0 (see LinearStatistic). All 0
  /// where the score is one of a degenerate sample (a single value to predict).
  std::vector<double> (*influence)(std::span<const double> truth,
                                   std::span<const double> predicted) = nullptr;
  /// Score of the best constant prediction: the most frequent class, or the mean.
  double (*baseline)(std::span<const double> truth) = nullptr;
  /// Whether the score is one of a degenerate sample, fixed by rule: for r2 where all true values
  /// are equal (scikit-learn's rule: 1 where the predictions are equal to them, else 0).
  bool (*degenerate)(std::span<const double> truth) = nullptr;
};

/// The metric of that name; asserts that there is one.
const Metric& metric_named(std::string_view name);

/// Whether there is a metric of that name.
bool is_metric(std::string_view name);

/// What a task of such targets is scored by where it names no metric.
const Metric& default_metric(MetricTarget target);

/// Names of all metrics of such targets, the default first.
std::vector<std::string> metric_names(MetricTarget target);

}  // namespace musicrep

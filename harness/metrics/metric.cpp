#include "metrics/metric.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <map>

#include "metrics/ranking.h"
#include "metrics/scores.h"

namespace musicrep {
namespace {

using Values = std::span<const double>;

/// Influences on the mean of `values`: each less the mean.
std::vector<double> centred(std::vector<double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  for (double& v : values) v -= mean;
  return values;
}

template <typename OfItem>
std::vector<double> of_items(Values truth, Values predicted, OfItem of_item) {
  std::vector<double> out;
  out.reserve(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) out.push_back(of_item(truth[i], predicted[i]));
  return out;
}

bool never(Values /*truth*/) { return false; }

bool is_constant(Values truth) {
  return std::ranges::all_of(truth, [&](double y) { return y == truth.front(); });
}

// --- accuracy

std::vector<double> accuracy_influence(Values truth, Values predicted) {
  return centred(of_items(truth, predicted, [](double y, double p) { return y == p ? 1.0 : 0.0; }));
}

double most_frequent_share(Values truth) {
  std::map<double, std::size_t> counts;
  std::size_t most = 0;
  for (const double y : truth) most = std::max(most, ++counts[y]);
  return static_cast<double>(most) / static_cast<double>(truth.size());
}

// --- scores of each class, averaged over classes

/// What is known of one class, as shares of all items.
struct ClassShares {
  double truth = 0;
  double predicted = 0;
  double right = 0;
};

std::map<double, ClassShares> class_shares(Values truth, Values predicted) {
  std::map<double, ClassShares> out;
  const double one = 1 / static_cast<double>(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    out[truth[i]].truth += one;
    out[predicted[i]].predicted += one;
    if (truth[i] == predicted[i]) out[truth[i]].right += one;
  }
  return out;
}

double f1_of(const ClassShares& of) { return 2 * of.right / (of.truth + of.predicted); }

/// Over the classes that are true or predicted for some item, as scikit-learn's f1_score(average =
/// "macro") has it.
double macro_f1(Values truth, Values predicted) {
  double sum = 0;
  const auto shares = class_shares(truth, predicted);
  for (const auto& [name, of] : shares) sum += f1_of(of);
  return sum / static_cast<double>(shares.size());
}

/// F1 of a class is 2 right / (truth + predicted), and an item moves it by
/// (2 [right] - F1 ([true] + [predicted])) / (truth + predicted).
std::vector<double> macro_f1_influence(Values truth, Values predicted) {
  const auto shares = class_shares(truth, predicted);
  const auto n_classes = static_cast<double>(shares.size());
  return of_items(truth, predicted, [&](double y, double p) {
    const auto side = [&](double name) {
      const ClassShares& of = shares.at(name);
      return ((y == p ? 1.0 : 0.0) - f1_of(of)) / (of.truth + of.predicted) / n_classes;
    };
    return side(y) + side(p);
  });
}

/// Macro F1 of always the same class: the best is the most frequent one.
double macro_f1_of_constant(Values truth) {
  std::map<double, std::size_t> counts;
  for (const double y : truth) ++counts[y];
  double best = 0;
  for (const auto& [name, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(truth.size());
    best = std::max(best, 2 * share / (share + 1) / static_cast<double>(counts.size()));
  }
  return best;
}

/// Mean over the true classes of the share that is right, as scikit-learn's
/// balanced_accuracy_score.
double balanced_accuracy(Values truth, Values predicted) {
  double sum = 0;
  double n_classes = 0;
  for (const auto& [name, of] : class_shares(truth, predicted)) {
    if (of.truth == 0) continue;
    sum += of.right / of.truth;
    n_classes += 1;
  }
  return sum / n_classes;
}

std::vector<double> balanced_accuracy_influence(Values truth, Values predicted) {
  const auto shares = class_shares(truth, predicted);
  const auto n_classes = static_cast<double>(
      std::ranges::count_if(shares, [](const auto& each) { return each.second.truth > 0; }));
  return of_items(truth, predicted, [&](double y, double p) {
    const ClassShares& of = shares.at(y);
    return ((y == p ? 1.0 : 0.0) - of.right / of.truth) / of.truth / n_classes;
  });
}

double one_class_of_all(Values truth) {
  std::map<double, std::size_t> counts;
  for (const double y : truth) ++counts[y];
  return 1 / static_cast<double>(counts.size());
}

// --- r2

/// With R = residual / total, the score is 1 - R, and an item moves it by
/// -n (error^2 - R (y - mean)^2) / total.
std::vector<double> r2_influence(Values truth, Values predicted) {
  std::vector<double> out(truth.size(), 0.0);
  if (is_constant(truth)) return out;
  const auto n = static_cast<double>(truth.size());
  double mean = 0;
  for (const double y : truth) mean += y / n;
  double total = 0;
  for (const double y : truth) total += (y - mean) * (y - mean);
  if (total == 0) return out;
  const double ratio = 1 - r2(truth, predicted);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = truth[i] - predicted[i];
    out[i] = -n * (error * error - ratio * (truth[i] - mean) * (truth[i] - mean)) / total;
  }
  return out;
}

double zero(Values /*truth*/) { return 0; }

// --- other scores of numbers

/// Sums over items of products of deviations from the means.
struct Moments {
  double n = 0;
  double mean_truth = 0;
  double mean_predicted = 0;
  double truth = 0;      ///< squared deviations
  double predicted = 0;  ///< squared deviations
  double both = 0;
};

Moments moments_of(Values truth, Values predicted) {
  Moments out;
  out.n = static_cast<double>(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    out.mean_truth += truth[i] / out.n;
    out.mean_predicted += predicted[i] / out.n;
  }
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double y = truth[i] - out.mean_truth;
    const double p = predicted[i] - out.mean_predicted;
    out.truth += y * y;
    out.predicted += p * p;
    out.both += y * p;
  }
  return out;
}

/// 0 by rule where either side is constant.
double pearson(Values truth, Values predicted) {
  if (is_constant(truth) || is_constant(predicted)) return 0;
  const Moments of = moments_of(truth, predicted);
  const double size = std::sqrt(of.truth) * std::sqrt(of.predicted);
  return size > 0 ? std::clamp(of.both / size, -1.0, 1.0) : 0;
}

/// With both sides standardised, y p - r (y^2 + p^2) / 2 (Devlin, Gnanadesikan and Kettenring
/// 1975).
std::vector<double> pearson_influence(Values truth, Values predicted) {
  std::vector<double> out(truth.size(), 0.0);
  if (is_constant(truth) || is_constant(predicted)) return out;
  const Moments of = moments_of(truth, predicted);
  if (!(of.truth > 0 && of.predicted > 0)) return out;
  const double r = pearson(truth, predicted);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double y = (truth[i] - of.mean_truth) * std::sqrt(of.n / of.truth);
    const double p = (predicted[i] - of.mean_predicted) * std::sqrt(of.n / of.predicted);
    out[i] = y * p - r / 2 * (y * y + p * p);
  }
  return out;
}

double mean_squared_error(Values truth, Values predicted) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    sum += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  }
  return sum / static_cast<double>(truth.size());
}

double negative_rmse(Values truth, Values predicted) {
  return -std::sqrt(mean_squared_error(truth, predicted));
}

/// (mean squared error - error^2) / (2 RMSE).
std::vector<double> negative_rmse_influence(Values truth, Values predicted) {
  std::vector<double> out(truth.size(), 0.0);
  const double mean = mean_squared_error(truth, predicted);
  if (!(mean > 0)) return out;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = truth[i] - predicted[i];
    out[i] = (mean - error * error) / (2 * std::sqrt(mean));
  }
  return out;
}

/// Of the mean of all.
double negative_deviation(Values truth) {
  return -std::sqrt(moments_of(truth, truth).truth / static_cast<double>(truth.size()));
}

// --- retrieval: predictions are ranks of the right answer, from 1; truth is not looked at.

template <int k>
double recall(Values truth, Values rank) {
  std::size_t found = 0;
  for (const double r : rank) found += r <= k ? 1 : 0;
  return static_cast<double>(found) / static_cast<double>(truth.size());
}

template <int k>
std::vector<double> recall_influence(Values truth, Values rank) {
  return centred(of_items(truth, rank, [](double, double r) { return r <= k ? 1.0 : 0.0; }));
}

double reciprocal(Values truth, Values rank) {
  double sum = 0;
  for (const double r : rank) sum += 1 / r;
  return sum / static_cast<double>(truth.size());
}

std::vector<double> reciprocal_influence(Values truth, Values rank) {
  return centred(of_items(truth, rank, [](double, double r) { return 1 / r; }));
}

/// Mean average precision at k: with one right answer a query, its reciprocal rank, or 0 beyond k.
template <int k>
double mean_average_precision(Values truth, Values rank) {
  double sum = 0;
  for (const double r : rank) sum += r <= k ? 1 / r : 0;
  return sum / static_cast<double>(truth.size());
}

template <int k>
std::vector<double> mean_average_precision_influence(Values truth, Values rank) {
  return centred(of_items(truth, rank, [](double, double r) { return r <= k ? 1 / r : 0; }));
}

/// Share of queries whose candidate is among the first k of n in random order.
template <int k>
double recall_chance(Values truth) {
  return std::min(1.0, k / static_cast<double>(truth.size()));
}

double reciprocal_chance(Values truth) {
  double sum = 0;
  for (std::size_t r = 1; r <= truth.size(); ++r) sum += 1 / static_cast<double>(r);
  return sum / static_cast<double>(truth.size());
}

template <int k>
double mean_average_precision_chance(Values truth) {
  double sum = 0;
  for (std::size_t r = 1; r <= std::min<std::size_t>(k, truth.size()); ++r) {
    sum += 1 / static_cast<double>(r);
  }
  return sum / static_cast<double>(truth.size());
}

// --- tags

double one_half(Values /*truth*/) { return 0.5; }

double share_with_tag(Values truth) {
  double sum = 0;
  for (const double y : truth) sum += y;
  return sum / static_cast<double>(truth.size());
}

using enum MetricTarget;

constexpr std::array kMetrics = {
    Metric{"accuracy", "accuracy", kClasses, true, Scale::kShare, accuracy, accuracy_influence,
           most_frequent_share, never},
    Metric{"macro_f1", "macro F1", kClasses, false, Scale::kShare, macro_f1, macro_f1_influence,
           macro_f1_of_constant, never},
    Metric{"balanced_accuracy", "balanced accuracy", kClasses, false, Scale::kShare,
           balanced_accuracy, balanced_accuracy_influence, one_class_of_all, never},
    Metric{"r2", "r2", kNumbers, false, Scale::kRatio, r2, r2_influence, zero, is_constant},
    Metric{"pearson", "Pearson's r", kNumbers, false, Scale::kCorrelation, pearson,
           pearson_influence, zero, is_constant},
    Metric{"neg_rmse", "-RMSE", kNumbers, false, Scale::kUnbounded, negative_rmse,
           negative_rmse_influence, negative_deviation, never},
    Metric{"R@1", "R@1", kRanks, true, Scale::kShare, recall<1>, recall_influence<1>,
           recall_chance<1>, never},
    Metric{"R@5", "R@5", kRanks, true, Scale::kShare, recall<5>, recall_influence<5>,
           recall_chance<5>, never},
    Metric{"R@10", "R@10", kRanks, true, Scale::kShare, recall<10>, recall_influence<10>,
           recall_chance<10>, never},
    Metric{"mAP@10", "mAP@10", kRanks, false, Scale::kMean, mean_average_precision<10>,
           mean_average_precision_influence<10>, mean_average_precision_chance<10>, never},
    Metric{"MRR", "MRR", kRanks, false, Scale::kMean, reciprocal, reciprocal_influence,
           reciprocal_chance, never},
    Metric{"roc_auc", "ROC-AUC", kTags, false, Scale::kShare, roc_auc, roc_auc_influence, one_half,
           is_constant},
    Metric{"average_precision", "average precision", kTags, false, Scale::kShare, average_precision,
           average_precision_influence, share_with_tag, is_constant},
};

const Metric* find(std::string_view name) {
  const auto at = std::ranges::find(kMetrics, name, &Metric::name);
  return at == kMetrics.end() ? nullptr : &*at;
}

}  // namespace

bool is_metric(std::string_view name) { return find(name) != nullptr; }

const Metric& metric_named(std::string_view name) {
  const Metric* metric = find(name);
  assert(metric != nullptr);
  return *metric;
}

const Metric& default_metric(MetricTarget target) {
  return *std::ranges::find(kMetrics, target, &Metric::target);
}

std::vector<std::string> metric_names(MetricTarget target) {
  std::vector<std::string> out;
  for (const Metric& metric : kMetrics) {
    if (metric.target == target) out.emplace_back(metric.name);
  }
  return out;
}

}  // namespace musicrep

#include "metrics/metric.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

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

constexpr std::array kMetrics = {
    Metric{"accuracy", Scale::kShare, accuracy, accuracy_influence, most_frequent_share, never},
    Metric{"r2", Scale::kRatio, r2, r2_influence, zero, is_constant},
    Metric{"R@1", Scale::kShare, recall<1>, recall_influence<1>, recall_chance<1>, never},
    Metric{"R@5", Scale::kShare, recall<5>, recall_influence<5>, recall_chance<5>, never},
    Metric{"R@10", Scale::kShare, recall<10>, recall_influence<10>, recall_chance<10>, never},
    Metric{"MRR", Scale::kMean, reciprocal, reciprocal_influence, reciprocal_chance, never},
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

}  // namespace musicrep

#include "metrics/linear_statistic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace musicrep {
namespace {

double square(double v) { return v * v; }

/// Sums of influences by group: of each run, and of their mean over runs.
struct GroupSums {
  std::vector<std::vector<double>> of_run;  // [n_runs][n_groups]
  std::vector<double> mean;                 // [n_groups]
};

GroupSums group_sums(const LinearStatistic& statistic, const Sample& sample) {
  const std::size_t n_runs = statistic.influence.size();
  GroupSums out{{}, std::vector<double>(sample.n_groups)};
  for (const std::vector<double>& influence : statistic.influence) {
    assert(influence.size() == sample.group.size());
    std::vector<double>& sums = out.of_run.emplace_back(sample.n_groups);
    for (std::size_t i = 0; i < influence.size(); ++i) sums[sample.group[i]] += influence[i];
    for (std::size_t g = 0; g < sums.size(); ++g) {
      out.mean[g] += sums[g] / static_cast<double>(n_runs);
    }
  }
  return out;
}

/// A part of a variance and its degrees of freedom.
struct Component {
  double variance = 0;
  double freedom = 1;
};

/// What new runs add: their own variance less that of their interaction with groups.
struct RunComponents {
  Component runs;
  Component interaction;
};

RunComponents run_components(const LinearStatistic& statistic, const GroupSums& sums, double n,
                             double groups_freedom) {
  RunComponents out;
  const std::size_t n_runs = statistic.of_run.size();
  if (n_runs < 2) return out;
  const auto runs = static_cast<double>(n_runs);
  const auto groups = static_cast<double>(sums.mean.size());
  const double mean = statistic.value();
  double between = 0;
  double crossed = 0;
  for (std::size_t r = 0; r < n_runs; ++r) {
    between += square(statistic.of_run[r] - mean);
    for (std::size_t g = 0; g < sums.mean.size() && sums.of_run.size() == n_runs; ++g) {
      crossed += square(sums.of_run[r][g] - sums.mean[g]);
    }
  }
  out.runs = {between / (runs * (runs - 1)), runs - 1};
  if (sums.of_run.size() < n_runs) return out;
  out.interaction = {crossed / (runs * (runs - 1)) * groups / (groups - 1) / (n * n),
                     (runs - 1) * groups_freedom};
  return out;
}

Estimate combined(double value, const Component& items, const RunComponents& runs) {
  const double of_runs = std::max(0.0, runs.runs.variance - runs.interaction.variance);
  const double variance = items.variance + of_runs;
  double denominator = square(items.variance) / items.freedom;
  if (of_runs > 0) {
    denominator += square(runs.runs.variance) / runs.runs.freedom +
                   square(runs.interaction.variance) / runs.interaction.freedom;
  }
  const double freedom = denominator > 0 ? square(variance) / denominator : items.freedom;
  return {value, std::sqrt(variance), std::max(1.0, freedom)};
}

/// Sum of squares of the groups' sums, with G / (G - 1).
double between_groups(const std::vector<double>& sums) {
  const auto groups = static_cast<double>(sums.size());
  double squares = 0;
  for (const double sum : sums) squares += square(sum);
  return squares * groups / (groups - 1);
}

/// The variance of the mean of folds, by how much they differ.
Component between_folds(const std::vector<double>& of_fold) {
  if (of_fold.size() < 2) return {};
  const auto k = static_cast<double>(of_fold.size());
  const double mean = std::accumulate(of_fold.begin(), of_fold.end(), 0.0) / k;
  double squares = 0;
  for (const double score : of_fold) squares += square(score - mean);
  return {squares / (k * (k - 1)), k - 1};
}

}  // namespace

double LinearStatistic::value() const {
  return std::accumulate(of_run.begin(), of_run.end(), 0.0) / static_cast<double>(of_run.size());
}

double Sample::effective_groups() const {
  std::vector<double> size(n_groups);
  for (const std::size_t g : group) size[g] += 1;
  double squares = 0;
  for (const double n : size) squares += n * n;
  return square(static_cast<double>(group.size())) / squares;
}

LinearStatistic difference(const LinearStatistic& a, const LinearStatistic& b) {
  const std::size_t n_runs = std::max(a.of_run.size(), b.of_run.size());
  assert(a.of_run.size() == n_runs || a.of_run.size() == 1);
  assert(b.of_run.size() == n_runs || b.of_run.size() == 1);
  LinearStatistic out;
  for (std::size_t r = 0; r < n_runs; ++r) {
    out.of_run.push_back(a.of_run[a.of_run.size() == 1 ? 0 : r] -
                         b.of_run[b.of_run.size() == 1 ? 0 : r]);
  }
  const std::size_t n_influences = std::max(a.influence.size(), b.influence.size());
  for (std::size_t r = 0; r < n_influences; ++r) {
    const std::vector<double>& of_b = b.influence[b.influence.size() == 1 ? 0 : r];
    std::vector<double>& influence =
        out.influence.emplace_back(a.influence[a.influence.size() == 1 ? 0 : r]);
    assert(influence.size() == of_b.size());
    for (std::size_t i = 0; i < influence.size(); ++i) influence[i] -= of_b[i];
  }
  if (a.of_fold.size() == b.of_fold.size()) {
    for (std::size_t f = 0; f < a.of_fold.size(); ++f) {
      out.of_fold.push_back(a.of_fold[f] - b.of_fold[f]);
    }
  }
  return out;
}

Estimate estimate(const LinearStatistic& statistic, const Sample& sample) {
  const double value = statistic.value();
  if (sample.n_groups < 2) return {value, std::numeric_limits<double>::infinity(), 1};
  const auto n = static_cast<double>(sample.group.size());
  const double freedom = std::max(1.0, sample.effective_groups() - 1);
  const GroupSums sums = group_sums(statistic, sample);
  Component items = {between_groups(sums.mean) / (n * n), freedom};
  const Component folds = between_folds(statistic.of_fold);
  if (folds.variance > items.variance) items = folds;
  items.variance *= 1 + sample.test_over_train;
  return combined(value, items, run_components(statistic, sums, n, freedom));
}

Estimate estimate_of_share_difference(const LinearStatistic& statistic, const Sample& sample) {
  const double value = statistic.value();
  if (sample.n_groups < 2) return {value, std::numeric_limits<double>::infinity(), 1};
  const auto n = static_cast<double>(sample.group.size());
  const double freedom = std::max(1.0, sample.effective_groups() - 1);
  const GroupSums sums = group_sums(statistic, sample);
  const auto n_runs = static_cast<double>(statistic.influence.size());
  double centred = 0;  // of the items' differences, averaged over runs
  double squares = 0;
  for (std::size_t i = 0; i < sample.group.size(); ++i) {
    double mean = 0;
    for (const std::vector<double>& influence : statistic.influence) mean += influence[i] / n_runs;
    centred += square(mean);
    squares += square(mean + value);
  }
  const double design_effect =
      centred > 0 ? between_groups(sums.mean) / (centred * n / (n - 1)) : 1;
  const double shrunk = value * n / (n + 2);
  const double of_added = 2 / square(n + 2);
  const double of_items = (squares / (n + 2) - square(shrunk)) / (n + 2);
  // The added items are never more alike than those of other groups: where by chance all groups
  // differ by the same, the design effect is 0.
  const double variance = of_items * design_effect + of_added * std::max(1.0, design_effect);
  const Component items = {variance * (1 + sample.test_over_train), freedom};
  return combined(value, items, run_components(statistic, sums, n, freedom));
}

}  // namespace musicrep

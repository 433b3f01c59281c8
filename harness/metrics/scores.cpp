#include "metrics/scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "musicrep/error.h"

namespace musicrep {

double accuracy(std::span<const double> truth, std::span<const double> predicted) {
  assert(!truth.empty() && truth.size() == predicted.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == predicted[i]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

double r2(std::span<const double> truth, std::span<const double> predicted) {
  assert(!truth.empty() && truth.size() == predicted.size());
  // The sums below would miss a constant truth whose mean is rounded: 0.1 + 0.1 + 0.1 over 3.
  if (std::all_of(truth.begin(), truth.end(), [&](double y) { return y == truth.front(); })) {
    return std::equal(truth.begin(), truth.end(), predicted.begin()) ? 1 : 0;
  }
  const double mean =
      std::accumulate(truth.begin(), truth.end(), 0.0) / static_cast<double>(truth.size());
  double residual = 0;
  double total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    residual += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
    total += (truth[i] - mean) * (truth[i] - mean);
  }
  // Values so close together that their squares vanish are constant as far as doubles can tell.
  if (total == 0) return residual == 0 ? 1 : 0;
  return 1 - residual / total;
}

std::vector<std::int64_t> confusion(std::span<const double> truth,
                                    std::span<const double> predicted, std::size_t n_classes) {
  assert(truth.size() == predicted.size());
  const auto is_class = [&](double value) {
    return value >= 0 && value < static_cast<double>(n_classes) && value == std::floor(value);
  };
  std::vector<std::int64_t> counts(n_classes * n_classes);
  Problems problems;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (is_class(truth[i]) && is_class(predicted[i])) {
      ++counts[static_cast<std::size_t>(truth[i]) * n_classes +
               static_cast<std::size_t>(predicted[i])];
    } else {
      problems.add(fmt::format("item {}: class {}, predicted {}, expected whole numbers in [0, {})",
                               i, truth[i], predicted[i], n_classes));
    }
  }
  problems.throw_if_any("confusion matrix:");
  return counts;
}

}  // namespace musicrep

#include "pipeline/row_score.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace musicrep {

RowScore::RowScore(const ResultRow& row, int target)
    : classification_(row.metric == "accuracy"), n_(row.item_ids.size()), fold_(n_, 0) {
  // Accuracy over all items is the mean of the folds' accuracies weighted by size: one fold serves.
  if (!classification_ && row.aggregation == kMeanOverFolds) {
    for (std::size_t i = 0; i < n_; ++i) {
      fold_[i] = static_cast<std::size_t>(row.item_fold[i]);
      n_folds_ = std::max(n_folds_, fold_[i] + 1);
    }
  }
  for (std::size_t t = 0; t < row.targets.size(); ++t) {
    if (target >= 0 && t != static_cast<std::size_t>(target)) continue;
    const TargetResult& from = row.targets[t];
    Column column;
    const double mean =
        std::accumulate(from.truth.begin(), from.truth.end(), 0.0) / static_cast<double>(n_);
    for (std::size_t i = 0; i < n_; ++i) {
      const double error = from.truth[i] - from.predicted[i];
      column.truth.push_back(from.truth[i] - mean);
      column.error_sq.push_back(classification_ ? (error == 0 ? 1.0 : 0.0) : error * error);
    }
    columns_.push_back(std::move(column));
  }
  assert(!columns_.empty());
}

double RowScore::operator()(std::span<const std::size_t> items) const {
  double total = 0;
  struct Sums {
    double n = 0, truth = 0, truth_sq = 0, error_sq = 0;
  };
  std::vector<Sums> sums(n_folds_);
  for (const Column& column : columns_) {
    std::ranges::fill(sums, Sums{});
    for (const std::size_t i : items) {
      Sums& s = sums[fold_[i]];
      s.n += 1;
      s.truth += column.truth[i];
      s.truth_sq += column.truth[i] * column.truth[i];
      s.error_sq += column.error_sq[i];
    }
    double weighted = 0;
    double weight = 0;
    for (const Sums& s : sums) {
      if (s.n == 0) continue;
      double score = s.error_sq / s.n;
      if (!classification_) {
        const double spread = s.truth_sq - s.truth * s.truth / s.n;
        score = spread > 0 ? 1 - s.error_sq / spread : (s.error_sq == 0 ? 1.0 : 0.0);
      }
      weighted += s.n * score;
      weight += s.n;
    }
    total += weighted / weight;
  }
  return total / static_cast<double>(columns_.size());
}

double RowScore::on_all() const {
  std::vector<std::size_t> items(n_);
  std::iota(items.begin(), items.end(), std::size_t{0});
  return (*this)(items);
}

}  // namespace musicrep

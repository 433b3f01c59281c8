#include "pipeline/row_score.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace musicrep {

RowScore::RowScore(const ResultRow& row, int target)
    : classification_(row.metric == "accuracy"),
      n_(row.item_ids.size()),
      n_seeds_(static_cast<std::size_t>(row.n_seeds)),
      fold_(n_, 0),
      seed_(row.item_seed.begin(), row.item_seed.end()) {
  assert(seed_.size() == n_);
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
  return weighted(items, std::vector<double>(n_seeds_, 1));
}

double RowScore::with_drawn_seeds(std::span<const std::size_t> items, Random& random) const {
  std::vector<double> weight(n_seeds_, n_seeds_ == 1 ? 1 : 0);
  for (std::size_t k = 0; n_seeds_ > 1 && k < n_seeds_; ++k) weight[random.below(n_seeds_)] += 1;
  return weighted(items, weight);
}

double RowScore::weighted(std::span<const std::size_t> items,
                          std::span<const double> weight_of_seed) const {
  double total = 0;
  struct Sums {
    double n = 0, truth = 0, truth_sq = 0, error_sq = 0;
  };
  std::vector<Sums> sums(n_folds_);
  for (const Column& column : columns_) {
    std::ranges::fill(sums, Sums{});
    for (const std::size_t i : items) {
      Sums& s = sums[fold_[i]];
      const double w = weight_of_seed[seed_[i]];
      s.n += w;
      s.truth += w * column.truth[i];
      s.truth_sq += w * column.truth[i] * column.truth[i];
      s.error_sq += w * column.error_sq[i];
    }
    double of_folds = 0;
    double weight = 0;
    for (const Sums& s : sums) {
      if (s.n == 0) continue;
      double score = s.error_sq / s.n;
      if (!classification_) {
        const double spread = s.truth_sq - s.truth * s.truth / s.n;
        score = spread > 0 ? 1 - s.error_sq / spread : (s.error_sq == 0 ? 1.0 : 0.0);
      }
      of_folds += s.n * score;
      weight += s.n;
    }
    total += of_folds / weight;
  }
  return total / static_cast<double>(columns_.size());
}

double RowScore::on_all() const {
  std::vector<std::size_t> items(n_);
  std::iota(items.begin(), items.end(), std::size_t{0});
  return (*this)(items);
}

}  // namespace musicrep

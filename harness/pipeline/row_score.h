// The score of a row, and of any resample of its items.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/random.h"
#include "store/results.h"

namespace musicrep {

/// Scores a row's predictions: accuracy, or r2 averaged over the targets. Where the row says "mean
/// over folds", each fold is scored by itself and weighted by its size, as the protocol's own
/// selection does; otherwise all items are scored together.
class RowScore {
 public:
  /// `target`: one target of the row alone; all of them where negative.
  explicit RowScore(const ResultRow& row, int target = -1);
  /// `items`: places in the row, repeats allowed. Seeds are scored together: as each has the same
  /// items, that is their mean.
  double operator()(std::span<const std::size_t> items) const;
  /// The same with as many seeds drawn as there are, with replacement; for the bootstrap.
  double with_drawn_seeds(std::span<const std::size_t> items, Random& random) const;
  /// On all items once.
  [[nodiscard]] double on_all() const;
  [[nodiscard]] std::size_t size() const { return n_; }

 private:
  struct Column {
    std::vector<double> truth;     // centred, so that sums of squares keep their digits
    std::vector<double> error_sq;  // or 1 where right, for classes
  };
  [[nodiscard]] double weighted(std::span<const std::size_t> items,
                                std::span<const double> weight_of_seed) const;
  bool classification_ = false;
  std::size_t n_ = 0;
  std::size_t n_folds_ = 1;
  std::size_t n_seeds_ = 1;
  std::vector<std::size_t> fold_;
  std::vector<std::size_t> seed_;
  std::vector<Column> columns_;
};

}  // namespace musicrep

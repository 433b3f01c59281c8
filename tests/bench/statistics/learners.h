// Small learners, real enough that their errors depend on what they learned from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// Items to learn and to predict: features [n, dim], row after row.
struct Learnable {
  std::span<const double> features;
  std::span<const double> truth;  ///< [n] class number or value
  std::span<const int> fold;      ///< [n] that tests the item
  std::size_t dim = 0;
  std::size_t n_classes = 0;  ///< 0: values
};

// Each gives [n] predictions of all items, learned from the items of all other folds than theirs.

/// Linear discriminants with a common covariance and a ridge of 0.1.
std::vector<double> discriminants(const Learnable& data, int n_folds);
/// The class of the nearest item in Euclidean distance.
std::vector<double> nearest_neighbours(const Learnable& data);
/// Ridge regression with a penalty of 1 and a free constant.
std::vector<double> ridge(const Learnable& data, int n_folds);

}  // namespace musicrep

// Sets of items drawn from one known task, as three encoders would represent and predict them.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/random.h"
#include "store/results.h"

namespace musicrep {

enum class Learner {
  kDiscriminants,
  kNearestNeighbours,
  kRidge,
  kRidgeMeanOverFolds,
  kRetrieval,
  kTagsRocAuc,            ///< four tags, ridge regression on each, scored by ROC-AUC in each fold
  kTagsAveragePrecision,  ///< the same, by average precision
};

struct Setting {
  Learner learner = Learner::kDiscriminants;
  std::size_t n = 0;
  std::size_t group_size = 1;  ///< 0: sizes 1, 2, ... 10, 1, 2, ...
  double group_effect = 0;     ///< share of an item's own variance that its group has in common
  std::size_t n_seeds = 1;
  double seed_spread = 0;  ///< standard deviation of the score between trainings
  std::size_t n_repeats = 1;
};

/// The task of a setting: the same for all of its sets.
struct Task {
  static constexpr std::size_t kDim = 8;
  static constexpr std::size_t kClasses = 4;
  std::vector<double> mean;  ///< [kClasses, kDim] of classes; its first row: what a value adds
  std::vector<std::size_t> group;  ///< [n]
  std::size_t n_groups = 0;
  double gain_spread = 0;  ///< standard deviation of a training's gain that gives the score's
  double noise_of_c = 1;   ///< encoder C has this share of the others' noise
};

/// Draws the class means, and finds the spread of gain by a few sets.
Task make_task(const Setting& setting, Random& random);

/// One set: rows of encoders A and B, which are equally good, and of C, which is better. They are
/// not scored yet.
std::array<ResultRow, 3> draw_set(const Setting& setting, const Task& task, Random& random);

}  // namespace musicrep

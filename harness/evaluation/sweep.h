// Sweeps: ablations on stored embeddings, such as fewer labels or another pooling, scaling or
// layer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "probe/fit.h"
#include "protocols/plan.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// Bumped with every change that moves a point.
inline constexpr int kSweepVersion = 2;

/// What the stored vectors of encoders give with few labels, and read in other ways.
struct SweepSpec {
  std::string task;
  std::vector<std::string> encoders;  ///< each is in an [[evaluate]] table with task, protocol
  std::string protocol;               ///< whose test folds are kept
  /// Items to learn from, ascending: of each class, or in all where targets are numbers. All there
  /// are come last, unasked.
  std::vector<std::int64_t> labels;
  std::size_t draws = 5;  ///< random subsets of each number of labels, the smaller in the larger
  std::vector<std::string> poolings = {"mean", "mean+std", "max", "first", "last"};
  std::vector<std::string> scalings = {"none", "standardise", "l2"};
  double c = 8;  ///< of the RBF machine, whose gamma is scikit-learn's 'scale'
};

/// One way of reading vectors.
struct SweepReading {
  std::string factor;  ///< SweepPoint::factor
  std::string value;
  Matrix x;  ///< [items, columns]
  bool standardise = false;
};

/// The base, as `protocol` pools and scales it; then each other pooling (where some item has
/// several vectors, and they offer no views), each other scaling, and each other view: one thing
/// differs from the base at a time. "max": of each column; "first", "last": one vector of an item;
/// "l2": each item's vector divided by its norm. The base of vectors with views is the first view.
std::vector<SweepReading> sweep_readings(const Embeddings& embeddings, const SweepSpec& spec,
                                         const Protocol& protocol);

/// The places of an outer fold's training items that are learned from: in a random order that
/// depends on `seed` alone, the first `labels` of each class (of all items for numbers), ascending;
/// all where there are fewer. A larger number holds the items of a smaller one.
std::vector<std::uint32_t> subset(std::span<const std::uint32_t> train, const Target& target,
                                  std::int64_t labels, std::uint64_t seed);

/// The points of one encoder, reading by reading, labels ascending, all of them last. `seeds`: the
/// vectors of each training seed, of the same items. One RBF machine with spec.c and gamma 'scale',
/// nothing chosen; the test folds are the protocol's, which holds some out. Scores, intervals and
/// the paired tests against the base are those of rows (statistics/row_statistics.h) whose
/// trainings are the draws of all training seeds; p-values are adjusted over all points but the
/// base (Holm).
std::vector<SweepPoint> sweep(std::span<const Embeddings> seeds, const Task& task,
                              const Protocol& protocol, const SweepSpec& spec,
                              const FitOptions& options, std::uint64_t seed);

}  // namespace musicrep

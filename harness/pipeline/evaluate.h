// One cell of a table: features, a task and a protocol in; a scored row out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "probe/fit.h"
#include "protocols/plan.h"
#include "protocols/protocol.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The version of the scoring code: part of an evaluation's key. Bumped with every change that
/// moves a score, a prediction or an interval.
inline constexpr int kEvaluationVersion = 1;

/// What a task asks for: targets of one data set, all of one kind.
struct Task {
  std::string name;
  const Dataset* dataset = nullptr;
  std::vector<const Target*> targets;
  [[nodiscard]] bool is_classification() const { return targets.front()->is_classification(); }
};

/// Scores `embeddings` (ids as the data set's, same order) under `protocol`. Fills everything of
/// the row that follows from features, task and protocol; names of encoders and published figures
/// are the caller's. Throws DataError where the protocol cannot be run on this data.
ResultRow evaluate(const Embeddings& embeddings, const Task& task, const Protocol& protocol,
                   const FitOptions& options, std::uint64_t seed);

/// Fills in the scores and the 95 % intervals of a row and its targets from its predictions: a
/// bootstrap over artists where they are known, otherwise over items, and over training seeds.
void add_intervals(ResultRow& row, const Dataset& dataset, std::uint64_t seed);

/// What ResultRow::item_group holds for this row: resampling_groups(), or nothing where every item
/// is its own.
std::vector<std::int64_t> item_groups(const ResultRow& row, const Dataset& dataset);

/// Numbers of the groups over which a bootstrap resamples: the data set's groups where they are
/// known (an item without one is its own), otherwise every item is its own. For the row's items.
std::vector<std::size_t> resampling_groups(const ResultRow& row, const Dataset& dataset,
                                           std::size_t& n_groups);

}  // namespace musicrep

// Evaluates one cell of a table: features, a task and a protocol to a scored row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "metrics/metric.h"
#include "probe/fit.h"
#include "protocols/plan.h"
#include "protocols/protocol.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The version of the scoring code: part of an evaluation's key. Bumped with every change that
/// moves a prediction or a choice; what follows from predictions has kStatisticsVersion.
inline constexpr int kEvaluationVersion = 1;

/// What a task asks for: targets of one data set, all of one type.
struct Task {
  std::string name;
  const Dataset* dataset = nullptr;
  std::vector<const Target*> targets;
  const Metric* metric = nullptr;       ///< of such targets; null: the default of their kind
  bool tagging = false;                 ///< the targets are tags, each scored against the rest
  std::vector<std::string> notes = {};  ///< what a reader of its rows must know
  [[nodiscard]] bool is_classification() const { return targets.front()->is_classification(); }
  [[nodiscard]] const Metric& scored_by() const {
    return metric != nullptr ? *metric : default_metric(target_kind());
  }
  [[nodiscard]] MetricTarget target_kind() const {
    if (tagging) return MetricTarget::kTags;
    return is_classification() ? MetricTarget::kClasses : MetricTarget::kNumbers;
  }
};

/// The same task on `items`, some of those of its data set.
Task on_items(Task task, const Dataset& items);

/// Scores `embeddings` (ids as the data set's, same order) under `protocol`. Fills everything of
/// the row that follows from features, task and protocol; names of encoders and published figures
/// are the caller's. Throws DataError where the protocol cannot be run on this data.
ResultRow evaluate(const Embeddings& embeddings, const Task& task, const Protocol& protocol,
                   const FitOptions& options);

/// What ResultRow::item_group and Retrieval::item_group hold for items of `dataset` with these ids
/// (repeats allowed): the number of each one's group (artist), from 0; an item without one is a
/// group of its own. Empty where every item is.
std::vector<std::int64_t> item_groups(const std::vector<std::string>& ids, const Dataset& dataset);

}  // namespace musicrep

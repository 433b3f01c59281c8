// The probes of a row on other vectors of its test items: those of deformed audio.
#pragma once

#include "evaluation/evaluate.h"

namespace musicrep {

/// Bumped with every change that moves a prediction, a distance or a cosine.
inline constexpr int kDeformedVersion = 1;

/// What the row of `clean` (of the same task and protocol, one training, evaluate()'s) predicts of
/// the same items by their vectors `deformed`: in each outer fold the row's choice is fitted again
/// to the clean vectors of all that may be learned from. Gives Deformed::targets, n_refit, distance
/// and cosine, and names of task, data set and protocol. Scores follow from these
/// (statistics/deformed_statistics.h). Throws DataError where the vectors differ in their width.
Deformed predict_deformed(const ResultRow& row, const Embeddings& clean, const Embeddings& deformed,
                          const Task& task, const Protocol& protocol, const FitOptions& options);

}  // namespace musicrep

// The score of a row from its predictions, with its interval.
#pragma once

#include <cstddef>

#include "metrics/linear_statistic.h"
#include "store/results.h"

namespace musicrep {

/// Every target of a row, not one of them.
inline constexpr int kAllTargets = -1;

/// The score of a good row from its predictions, by its metric (metrics/metric.h): of all items of
/// all repeats and trainings together where the row is pooled, otherwise of each fold, weighted by
/// its size. Of several targets the mean.
double row_score(const ResultRow& row, int target = kAllTargets);

/// The row's score in each training, linearised: influences of its n items, each the mean over its
/// repeats, in the order in which ids come first in the row.
LinearStatistic row_statistic(const ResultRow& row, int target = kAllTargets);

/// How the row's items were drawn: artists whole where they are known, and with them the training
/// items, under cross-validation.
Sample sample_of(const ResultRow& row);

/// Fills in the scores of a good row and its targets from its predictions, their 95 % intervals,
/// and what the best constant prediction would score.
void score_row(ResultRow& row);

/// "250 artists, 3 trainings": what an interval or a test is over.
std::string units_text(const Sample& sample, std::int64_t n_runs);

/// What an interval is called: "`method` over 250 artists, 3 trainings"; of a single item or artist
/// that none is known.
std::string method_text(const std::string& method, const Sample& sample, std::int64_t n_runs);

}  // namespace musicrep

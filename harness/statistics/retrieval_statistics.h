// Retrieval metrics from ranks, with their intervals.
#pragma once

#include <vector>

#include "store/results.h"

namespace musicrep {

/// Fills in the measures of a good retrieval from its ranks, both directions: value, 95 % interval
/// over artists (Retrieval::item_group) or texts and trainings, and the test against random order.
/// Candidates are taken as given.
void score_retrieval(Retrieval& retrieval);

/// A row for each direction and metric of each good retrieval, so that one paired test serves: its
/// task is retrieval_task(), its protocol names direction and metric, its predictions are ranks.
/// Rows of one task and protocol have the same texts: of other texts they have a task of their own.
std::vector<ResultRow> retrieval_rows(const std::vector<Retrieval>& retrievals);

/// "retrieval on albums, split test, centring training means".
std::string retrieval_task(const Retrieval& retrieval);

}  // namespace musicrep

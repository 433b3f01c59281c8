// Merges the rows of several trainings of one encoder into one.
#pragma once

#include <span>

#include "store/results.h"

namespace musicrep {

/// One row of the rows of several training seeds, in the order of the seeds: items are in it once
/// per seed (ResultRow::item_seed), and its score is the mean over seeds. One row comes back as it
/// is; where one failed, its failure is the row's.
ResultRow merge_seeds(std::span<const ResultRow> rows);

}  // namespace musicrep

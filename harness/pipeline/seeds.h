// Several trainings of one encoder, scored as one row.
#pragma once

#include <cstdint>
#include <span>

#include "datasets/dataset.h"
#include "store/results.h"

namespace musicrep {

/// One row of the rows of several training seeds, in the order of the seeds: items stand in it once
/// a seed (ResultRow::item_seed), the score is the mean over seeds, and its interval a bootstrap
/// over items (or artists) and seeds. One row comes back as it is; where one failed, its failure is
/// the row's.
ResultRow merge_seeds(std::span<const ResultRow> rows, const Dataset& dataset, std::uint64_t seed);

/// A row of one seed as it would be with n_seeds that all came out alike, to be compared with one
/// that has so many.
ResultRow repeat_seeds(const ResultRow& row, std::size_t n_seeds);

}  // namespace musicrep

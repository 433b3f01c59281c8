// Paired tests between the rows of one table, and ranks that ties share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/dataset.h"
#include "store/results.h"

namespace musicrep {

/// Compares every two good rows of `results` that share task and protocol, adjusts their p-values
/// within the table (Holm), and ranks the encoders: two are told apart where the adjusted p is
/// below 0.05. Fills results.comparisons and results.ranks. `datasets` give the groups.
void compare_rows(Results& results, std::span<const Dataset> datasets);

}  // namespace musicrep

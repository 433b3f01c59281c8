// Paired tests between the rows of one table, and ranks that ties share.
#pragma once

#include <cstdint>

#include "store/results.h"

namespace musicrep {

/// Compares every two good rows of `results` that share task and protocol, adjusts their p-values
/// within the table (Holm), and ranks the encoders: two are told apart where the adjusted p is
/// below 0.05. Fills results.comparisons and results.ranks.
void compare_rows(Results& results);

/// Two good rows of the same metric on the same items, in the same order: the difference of their
/// scores (a minus b) with an interval over items (ResultRow::item_group of `a`, where it is known)
/// and seeds, and a paired test. Their numbers of seeds are equal, or one of them is 1.
Comparison compare_pair(const ResultRow& a, const ResultRow& b, std::uint64_t seed);

}  // namespace musicrep

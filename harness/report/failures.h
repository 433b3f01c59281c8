// Rows without a score: one clause in the cell, the whole reason under "Failed rows".
#pragma once

#include <string>

#include "store/results.h"

namespace musicrep {

/// "failed: no features in 'x.h5'", or its first clause and a link to "Failed rows".
std::string failed_cell(const ResultRow& row);

/// Whether the cell has less than the whole reason.
bool has_longer_reason(const ResultRow& row);

}  // namespace musicrep

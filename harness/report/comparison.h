// The comparison of two rows.
#pragma once

#include "store/results.h"

namespace musicrep {

/// That of two rows of one table, in either order; null where they were not compared.
const Comparison* comparison_of(const Results& results, const ResultRow& a, const ResultRow& b);

}  // namespace musicrep

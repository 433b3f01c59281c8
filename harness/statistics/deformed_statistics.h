// What follows from the predictions of deformed audio.
#pragma once

#include "store/results.h"

namespace musicrep {

/// Fills in scores, intervals, drops and tests of Results::deformed from their predictions and
/// those of their rows, which are scored. Drops are the paired differences of
/// statistics/comparisons.h; Holm's method adjusts over all of one task and protocol. Throws
/// DataError where one has no row.
void score_deformed(Results& results);

}  // namespace musicrep

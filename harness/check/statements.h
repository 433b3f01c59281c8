// Compares the statements of a report besides its scores with the reference's.
#pragma once

#include <vector>

#include "check/check.h"

namespace musicrep {

/// Sweeps, deformed rows, measures of layers, letters and verdicts of `run` that are not those of
/// `reference`. Where the encoders concerned have the same vectors (by `rows`, already judged), any
/// change of a verdict or a letter is a fault, and numbers may move by rounding; otherwise numbers
/// may move within both intervals, and changed verdicts are listed without being a fault.
std::vector<StatementChange> statement_changes(const Results& run, const Results& reference,
                                               const std::vector<RowCheck>& rows);

}  // namespace musicrep

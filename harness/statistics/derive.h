// All that follows from what a run predicted and measured.
#pragma once

#include "store/results.h"

namespace musicrep {

/// The version of the rules below: in the provenance of results. Bumped with every change that
/// moves or adds an interval, a test or a verdict. 3: mAP@10 of retrievals.
inline constexpr int kStatisticsVersion = 3;

/// Fills in what follows from the predictions, ranks and measures of `results` and from its
/// experiment's text, and replaces what was there: scores and intervals of rows, targets,
/// retrievals and deformed rows, comparisons, letters, the claims' verdicts, and the version of
/// these rules. A run, a check and a restatement all call this one function. The bits depend on the
/// results alone.
void derive_statistics(Results& results);

}  // namespace musicrep

// Statements of the literature, judged by what a run measured.
#pragma once

#include <vector>

#include "pipeline/experiment.h"
#include "store/results.h"

namespace musicrep {

/// The claims of `experiment` in its order, judged by the comparisons and diagnoses of `results`: a
/// claim between two rows by the 95 % interval of their paired difference, one about measures by
/// whether all trainings agree. What was not measured in this run says so.
std::vector<ClaimResult> judge_claims(const Experiment& experiment, const Results& results);

}  // namespace musicrep

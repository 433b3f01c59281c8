// Runs a plan: executes its steps and assembles its results.
#pragma once

#include "graph/execute.h"
#include "planner/plan.h"
#include "store/results.h"

namespace musicrep {

/// Executes every step whose output is not stored, then assembles the results. A cell whose
/// protocol cannot be run, or whose evaluation fails on its data, becomes a row with the reason.
/// Bits do not depend on context.jobs. Throws Error(kInterrupted) when asked to stop: finished
/// steps stay stored.
Results run(const Plan& plan, const StepContext& context, Progress& progress);

/// What the steps of a plan that was executed add up to, with statistics, provenance and costs.
Results assemble(const Plan& plan, const FinishedRun& finished);

}  // namespace musicrep

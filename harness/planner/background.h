// Adds to a results file where its rows come from: trainings, costs, citations.
#pragma once

#include <vector>

#include "planner/plan.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// How the trainings of `plan` went, read from their weights in `store`; those that are not there
/// any more are left out.
std::vector<TrainingCurve> training_curves(const Plan& plan, const ArtefactStore& store);

/// What the steps of a finished run cost when they were run, as far as the store knows.
std::vector<StepCost> costs_of_steps(const Plan& plan, const FinishedRun& run);

/// The works behind encoders, data sets, protocols and published figures.
std::vector<Citation> citations(const Plan& plan);

}  // namespace musicrep

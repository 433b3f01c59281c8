// What must be the same where a plan is made and where its steps run.
#pragma once

#include "graph/plan_file.h"
#include "planner/plan.h"

namespace musicrep {

/// Code, experiment and data of `plan`, as they are now. Processors may differ, and then the last
/// bits of vectors may.
PlanFacts facts_of(const Plan& plan);

}  // namespace musicrep

// From a task of an experiment file to targets of its data set.
#pragma once

#include "datasets/dataset.h"
#include "evaluation/evaluate.h"
#include "experiment/experiment.h"

namespace musicrep {

/// Throws ConfigError where the targets do not make up a task: one class, one or more numbers, or
/// tags; or where the metric is not one of such targets. Tags that too few items have, or lack, are
/// left out, and the task's notes name them; where none is left, it throws.
Task make_task(const TaskSpec& spec, const Dataset& dataset);

}  // namespace musicrep

// Whether the parts of an experiment fit together.
#pragma once

#include "experiment/experiment.h"

namespace musicrep {

/// Throws ConfigError that lists every name that is used and not defined, every row that is listed
/// twice, and an experiment without work.
void check_experiment(const Experiment& experiment);

}  // namespace musicrep

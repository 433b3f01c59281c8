// The list that CMake writes of the files in probe/probes.
#pragma once

#include <vector>

#include "probe/probe.h"

namespace musicrep {

const std::vector<const Probe*>& all_probes();

}  // namespace musicrep

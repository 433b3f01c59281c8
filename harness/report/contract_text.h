// What became of what every encoder promises.
#pragma once

#include <string>

#include "store/results.h"

namespace musicrep {

/// Whether any encoder's contract was tried (harness/contract).
bool has_contracts(const Results& results);

/// Of one encoder on one data set, over its training seeds: "all 14 hold", "13 hold, 1 declared",
/// "13 hold, **1 broken**"; kNothing where it was not tried. What does not apply is not counted.
std::string contract_summary(const Results& results, const std::string& encoder,
                             const std::string& dataset);

/// A list of all that is declared or broken; empty where there is nothing.
std::string contract_exceptions(const Results& results);

}  // namespace musicrep

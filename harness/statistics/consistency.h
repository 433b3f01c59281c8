// Whether the parts of results follow from each other.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// What in `results` is not what derive_statistics() makes of its predictions, ranks and measures,
/// to a relative 1e-9: "row 'tlm' of 'genre' under 'nested': ci_low 0.66, recomputed 0.65". Also
/// fold scores and published figures that differ from the predictions and the experiment's text.
/// Empty: all follows. Results of other rules (statistics_version) say so, and nothing more.
std::vector<std::string> inconsistencies(const Results& results);

}  // namespace musicrep

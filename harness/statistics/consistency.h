// Whether the parts of results follow from each other.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// Why the statistics of `results` cannot be compared with this program's: they follow another
/// version of the rules (statistics_version). Empty: they can.
std::string other_rules(const Results& results);

/// What in `results` is not what derive_statistics() makes of its predictions, ranks and measures,
/// to a relative 1e-9: "row 'tlm' of 'genre' under 'nested': ci_low 0.66, recomputed 0.65". Also
/// fold scores that differ from the predictions, and published figures and claims that differ from
/// the experiment's text.
/// Empty: all follows. Of results of other rules it is other_rules() alone.
std::vector<std::string> inconsistencies(const Results& results);

}  // namespace musicrep

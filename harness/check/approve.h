// Whether a run may become the reference that others are checked against.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/reference.h"

namespace musicrep {

/// Why `run` may not replace `reference` (or be the first one); empty: it may. Refused are quick
/// looks, failed rows that had a score, rows that are gone while the experiment still has them, and
/// scores and fingerprints that moved while every version, option and hash that they declare stayed
/// the same: an intended change needs a new version.
std::vector<std::string> approval_problems(const Results& run,
                                           const std::optional<Reference>& reference);

}  // namespace musicrep

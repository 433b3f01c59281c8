// Parameters that were chosen, in words.
#pragma once

#include <cstddef>
#include <string>

#include "store/results.h"

namespace musicrep {

/// Different parameters over the folds, the most frequent first: "rbf, C = 1 (7 folds); …"; without
/// counts where all folds agree. At most `most` of them, then a count of the rest.
std::string chosen_text(const TargetResult& target, std::size_t most);

}  // namespace musicrep

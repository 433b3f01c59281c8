// Parameters that were chosen, in words.
#pragma once

#include <cstddef>
#include <string>

#include "store/results.h"

namespace musicrep {

/// Different parameters over the folds, the most frequent first: "rbf, C = 1 (7 folds); …"; without
/// counts where all folds agree. At most `most` of them, then a count of the rest.
std::string chosen_text(const TargetResult& target, std::size_t most);

/// The same over all tags of a row: "linear, C = 0.1 (90 of 150 choices); ...".
std::string chosen_for_tags_text(const ResultRow& row, std::size_t most);

}  // namespace musicrep

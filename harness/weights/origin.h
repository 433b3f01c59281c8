// Where weights come from, for people.
#pragma once

#include <string>
#include <vector>

#include "weights/weights_file.h"

namespace musicrep {

/// What Encoder::notes() says of weights: what was imported; or on which corpus they were trained
/// here, how long and from which seed, and, in a note that all seeds share, on which labels.
std::vector<std::string> origin_notes(const Weights& weights);

}  // namespace musicrep

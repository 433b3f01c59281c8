// Where weights come from, for people.
#pragma once

#include <string>
#include <vector>

#include "weights/weights_file.h"

namespace musicrep {

/// What Encoder::notes() says of weights: what was imported; or on which corpus they were trained
/// here, how long, for what, and on which labels. The same for all seeds of a training.
std::vector<std::string> origin_notes(const Weights& weights);

}  // namespace musicrep

// Where weights come from, for people.
#pragma once

#include <string>

#include "weights/weights_file.h"

namespace musicrep {

/// One sentence from Weights::source and labels: what was imported, or on which corpus and labels
/// the weights were trained here.
std::string origin_of(const Weights& weights);

}  // namespace musicrep

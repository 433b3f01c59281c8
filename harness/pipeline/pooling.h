// From vectors over time to one vector an item: the protocol's business, not the encoder's.
#pragma once

#include <string>

#include "musicrep/matrix.h"
#include "store/artefacts.h"

namespace musicrep {

/// "mean": [n, dim]. "mean+std": [n, 2 dim], population standard deviation over an item's vectors.
Matrix pool(const Embeddings& embeddings, const std::string& how);

}  // namespace musicrep

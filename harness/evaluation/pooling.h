// Pooling: frames of an item to one vector. The protocol chooses it, not the encoder.
#pragma once

#include <string>
#include <vector>

#include "musicrep/matrix.h"
#include "store/artefacts.h"

namespace musicrep {

/// One reading of an encoder's vectors, a candidate like a point of the grid.
struct FeatureView {
  std::string name;  ///< empty where there is one alone
  Matrix x;          ///< [n items, columns]
};

/// "mean": [n, dim]. "mean+std": [n, 2 dim], population standard deviation over an item's vectors.
Matrix pool(const Embeddings& embeddings, const std::string& how);

/// The readings that `embeddings` offer, pooled; one without a name where they are one.
std::vector<FeatureView> views_of(const Embeddings& embeddings, const std::string& how);

}  // namespace musicrep

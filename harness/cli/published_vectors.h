// Vectors in files that others publish and experiments here read: the texts of
// encoders/features/published.
#pragma once

#include <string>
#include <vector>

namespace musicrep::cli {

struct PublishedVectors {
  std::string name;
  std::string fetch_help;  ///< where to get them, their licence, the layout that is expected
};

const std::vector<PublishedVectors>& published_vectors();

}  // namespace musicrep::cli

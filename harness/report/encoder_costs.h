// What each encoder costs: the means of Results::costs.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// Means over data sets and seeds; 0 where nothing was measured.
struct EncoderCost {
  std::string encoder;
  double encode_ms = 0;  ///< processor time an item
  double train_s = 0;    ///< processor time a training
  double peak_mib = 0;   ///< of the whole program while encoding
};

/// In order of first appearance; without those of which nothing was measured.
std::vector<EncoderCost> encoder_costs(const Results& results);

}  // namespace musicrep

// The statistics that were used before: a percentile bootstrap, and McNemar's exact test.
#pragma once

#include <array>

#include "core/random.h"
#include "metrics/estimate.h"
#include "store/results.h"

namespace musicrep {

/// Of scored rows A, B and C on the same items.
struct Former {
  Interval of_a;  ///< 95 % interval of the score of A
  double p_ab = 1;
  double p_ac = 1;
};

/// 2,000 resamples of whole groups, the folds and machines as they are, the trainings of each row
/// drawn by themselves; for accuracy of one training and repeat McNemar's exact test over items.
Former former_statistics(const std::array<ResultRow, 3>& rows, Random& random);

}  // namespace musicrep

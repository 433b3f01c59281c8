// The official smoke test: what the published weights make of a sine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weights/weights_file.h"

namespace musicrep {

/// Mean and population standard deviation over all patches and dimensions.
struct VggishMoments {
  double mean = 0;
  double deviation = 0;
};

/// What one end must give for three seconds of a sine of 1 kHz.
struct VggishExpectation {
  std::string end;          ///< "linear" or "relu"
  VggishMoments embedding;  ///< before post-processing
  VggishMoments bytes;      ///< after it, in 0 to 255, truncated
};

/// What it gave.
struct VggishMeasured {
  std::string end;
  VggishMoments embedding;
  std::optional<VggishMoments> bytes;  ///< where the weights have principal components
};

/// vggish_smoke_test.py of tensorflow/models research/audioset/vggish, at two of its states: with
/// the ReLU (sampled at 44.1 kHz with both ends of the interval, then resampled), .131 and .238,
/// 123.0 and 75.0; and the present one without it (at 16 kHz), .000657 and .343, 126.0 and 89.3.
std::vector<VggishExpectation> published_vggish_expectations();

/// Both ends on their own sine. `weights` as check_vggish_weights() wants them.
std::vector<VggishMeasured> run_vggish_smoke_test(const Weights& weights);

/// Throws DataError, beginning with `where`, listing each number that is more than 10 % (of what is
/// expected) off, and all numbers beside what was expected.
void check_vggish_smoke_test(const std::vector<VggishMeasured>& measured,
                             const std::vector<VggishExpectation>& expected,
                             const std::string& where);

}  // namespace musicrep

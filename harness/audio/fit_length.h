// Pads, repeats or cuts clips to one length.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// What becomes of a clip that is too short.
enum class Fit {
  kTrim,     ///< it stays short
  kZeroPad,  ///< zeros after its end
  kTile,     ///< it is repeated from its beginning
};

/// One channel [frames] brought to `n` samples (at most `n` with kTrim): what is beyond is cut off.
/// Throws DataError where there is nothing to repeat.
std::vector<float> fit_length(std::span<const float> channel, std::size_t n, Fit fit);

}  // namespace musicrep

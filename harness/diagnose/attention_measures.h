// What the attention of one clip looks at.
#pragma once

#include <optional>
#include <span>

#include "musicrep/encoder.h"

namespace musicrep {

/// Means over heads, pieces and frames that look; what is empty the clip does not give.
struct ClipAttention {
  std::optional<double> entropy;    ///< of a row's P weights, over log P: 1 is even, 0 one place
  std::optional<double> support;    ///< share of the P places with a weight above 0
  std::optional<double> largest;    ///< weight of a row
  std::optional<double> on_frames;  ///< weight of a row on frames; the rest is on special tokens
  /// |i - j| in places, weighted by what is on frames; pieces of one frame say nothing.
  std::optional<double> distance;
};

/// Rows of special tokens are not looked at. Empty where there are no maps.
ClipAttention clip_attention(std::span<const AttentionMap> maps);

}  // namespace musicrep

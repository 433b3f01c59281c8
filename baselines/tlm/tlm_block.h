// One block of TLM's network on a CPU: convolution, ELU and max-pooling in one pass over the map.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace musicrep::tlm {

constexpr std::size_t kMaps = 32;  ///< of each block's output

/// The map that a block sees, and what it pools.
struct BlockShape {
  std::size_t rows = 0;       ///< frequency; a multiple of pool_rows
  std::size_t cols = 0;       ///< time; columns beyond the last whole window are not pooled
  std::size_t in_maps = 1;    ///< 1 or 32
  std::size_t pool_rows = 1;  ///< at most 4
  std::size_t pool_cols = 1;  ///< 1 to 5
};

/// What is summed over the map, for each output map.
enum class BlockSums {
  kBeforePooling,  ///< ELU(convolution)
  kAfterPooling,   ///< max-pooled ELU(convolution); cheaper, as fewer exponentials are taken
  kMoments,        ///< the convolution and its square; nothing is pooled
};

/// One call. Maps run fastest, and each stands in a border of zeros that is one wide, so that the
/// convolution needs no special case at the edges.
struct BlockTask {
  BlockShape shape;
  const float* in = nullptr;      ///< [rows + 2, cols + 2, in_maps]
  const float* kernel = nullptr;  ///< [3 rows, 3 cols, in_maps, kMaps], correlated, not flipped
  const float* bias = nullptr;    ///< [kMaps]
  BlockSums what = BlockSums::kBeforePooling;
  double* sums = nullptr;     ///< [kMaps], added to
  double* squares = nullptr;  ///< [kMaps], added to; of kMoments
  /// [rows / pool_rows + 2, cols / pool_cols + 2, kMaps]; the border is not written. Not used by
  /// kMoments.
  float* out = nullptr;
};

using BlockFunction = void (*)(const BlockTask&);

/// The fastest that this processor runs. All give the same bits: nothing is fused or reordered.
BlockFunction block_function();

/// All that this processor runs, with the instruction set's name: so that tests can compare them.
std::vector<std::pair<std::string, BlockFunction>> block_functions();

}  // namespace musicrep::tlm

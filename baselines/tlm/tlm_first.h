// The first block of TLM's network while it is trained: convolution of one map, batch normalisation
// and max-pooling of 2 x 4 in one pass.
//
// Torch makes and keeps 32 maps of the spectrogram's size three times over, which took three
// quarters of a training. But a batch's statistics follow from the covariance of the 3 x 3 patches
// of its one input map, and the gradient goes through the pooled places alone; nothing of full size
// is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tlm/tlm_block.h"

namespace musicrep::tlm {

constexpr std::size_t kTaps = 9;       ///< of a 3 x 3 patch, row by row
constexpr std::size_t kTapPairs = 45;  ///< (a, b) with a <= b: (0, 0), (0, 1), ..., (8, 8)
constexpr std::size_t kFirstPoolRows = 2;
constexpr std::size_t kFirstPoolCols = 4;

/// One clip's spectrogram in a border of zeros that is one wide.
struct FirstMap {
  std::size_t rows = 0;       ///< frequency; a multiple of 2
  std::size_t cols = 0;       ///< time; a multiple of 16
  const float* in = nullptr;  ///< [rows + 2, cols + 2]
};

/// Sums over all places of the map's patches and of the products of their taps, added to.
struct FirstMoments {
  FirstMap map;
  double* sums = nullptr;      ///< [kTaps]
  double* products = nullptr;  ///< [kTapPairs]
};

/// Convolution and maxima of windows.
struct FirstForward {
  FirstMap map;
  const float* kernel = nullptr;  ///< [kTaps, kMaps]
  const float* bias = nullptr;    ///< [kMaps]
  float* out = nullptr;           ///< [rows / 2, cols / 4, kMaps]
  std::uint8_t* where = nullptr;  ///< the same shape: the greatest of a window, row by row
};

/// Sums over the pooled places, added to.
struct FirstBackward {
  FirstMap map;
  const float* gradient = nullptr;      ///< of `out`
  const std::uint8_t* where = nullptr;  ///< as FirstForward leaves it
  double* sums = nullptr;               ///< [kMaps] of the gradient
  double* products = nullptr;           ///< [kTaps, kMaps] of the gradient with the patches
};

/// The three for one instruction set; all give the same bits.
struct FirstLoops {
  std::string instruction_set;
  void (*moments)(const FirstMoments&) = nullptr;
  void (*forward)(const FirstForward&) = nullptr;
  void (*backward)(const FirstBackward&) = nullptr;
};

/// All that this processor runs; the last is the fastest.
const std::vector<FirstLoops>& first_loops();

}  // namespace musicrep::tlm

// Long audio in windows of one length.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// What becomes of a last window that the audio does not fill.
enum class WindowPadding {
  kZeros,   ///< zeros behind the audio
  kRepeat,  ///< the audio from its beginning again
  kDrop,    ///< left out, unless it is the only one: then zeros
};

/// Lengths in samples.
struct WindowRule {
  std::size_t length = 0;
  std::size_t hop = 0;
  WindowPadding padding = WindowPadding::kZeros;
};

/// Where the windows of `n_samples` (1 or more) begin: 0, hop, 2 hop, ..., as long as a window has
/// a sample that the one before had not, or with kDrop as long as it is full.
std::vector<std::size_t> window_starts(std::size_t n_samples, const WindowRule& rule);

/// The window of a signal that begins at `start`: float32 [rows, rule.length], row-major.
std::vector<float> cut_window(const Signal& signal, std::size_t start, const WindowRule& rule);

}  // namespace musicrep

// Signals that no encoder is made for, and what may become of them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "contract/fixed_signals.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// One signal that is tried alone.
struct EdgeSignal {
  const char* check;  ///< ContractFinding::check
  std::string none;   ///< why there is no such signal for this encoder; empty: there is
  std::string what;   ///< "3 s of zeros"
  FixedSignal item;
  bool must_refuse = false;
  bool may_be_zero = false;  ///< a vector of zeros is no mistake
};

/// Silence, one sample, none, one channel too many, a sample that is not a number, and audio that
/// came from another rate. A signal itself carries no rate: the harness brings all audio to the
/// rate that an encoder declares, and what is tried is that this can be done.
std::vector<EdgeSignal> edge_signals(const EncoderInfo& info);

/// Ten minutes.
std::vector<EdgeSignal> long_signals(const EncoderInfo& info);

/// The fewest and the most rows that a signal's vectors may have by window and hop, whichever way
/// ends are treated. Any number where the encoder declares neither hop nor width, because its
/// options say so.
std::pair<std::size_t, std::size_t> rows_of(const EncoderInfo& info, const LoadedSignal& signal);

/// The first line of a message, and no more of it than a table bears.
std::string one_line(const std::string& message);

}  // namespace musicrep

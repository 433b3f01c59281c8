// One call of an encoder, with everything that may go wrong in it kept apart.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "contract/fixed_signals.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// What came of one call.
struct Trial {
  std::vector<Matrix> vectors;  ///< empty where it threw
  std::string thrown;           ///< the message; empty: nothing was thrown
  bool is_error = false;        ///< what was thrown is a musicrep::Error, as the interface asks
  bool input_changed = false;   ///< a value that it was given is another one afterwards
};

/// Calls encoder.encode() with copies of `items`, which it may spoil without spoiling others.
/// Throws nothing but Error kInterrupted.
Trial try_encode(Encoder& encoder, std::span<const FixedSignal> items);

/// Whether all values are the same bits, NaN included.
bool same_bits(const Matrix& a, const Matrix& b);
bool same_bits(std::span<const Matrix> a, std::span<const Matrix> b);
bool all_finite(const Matrix& m);
bool all_zero(const Matrix& m);

}  // namespace musicrep

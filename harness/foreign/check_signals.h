// What is checked for every external encoder, before its code sees a signal and after it returned.
#pragma once

#include <span>
#include <string>

#include "musicrep/encoder.h"

namespace musicrep {

/// Throws ForeignFailure where a signal is not what `info` asks for: other channels or columns, no
/// samples, a value that is not finite. Code of a few lines need not check that itself.
void check_signals(const EncoderInfo& info, std::span<const Signal> signals);

/// What is wrong with the first value of `values` (rows of `cols`) that cannot be learned from;
/// empty: nothing.
std::string value_problem(std::span<const double> values, std::size_t cols);

/// "item 'a'", or of several the first and their number.
std::string items_text(std::span<const Signal> signals);

}  // namespace musicrep

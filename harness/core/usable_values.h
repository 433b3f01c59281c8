// Range checks of feature values before training.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// Numbers as large as this are multiplied and summed in float32 kernels without overflow.
inline constexpr double kLargestValue = 1e15;

/// A value that cannot be learned from, and what was expected in its place.
struct UnusableValue {
  std::size_t row = 0;
  std::size_t column = 0;
  double value = 0;
  std::string expected;  ///< "a finite number", or why it is too large
};

/// All that is not finite, and what is absurd: a value beyond 1e150, whose square overflows; and
/// one beyond kLargestValue that is more than 1e15 times as large as another of its column, which
/// has then no digit left that distinguishes the others. numpy.nan_to_num makes such values of
/// infinity (1.797e308, and 3.4e38 of float32). A column that is large as a whole is usable. In the
/// order of the rows.
std::vector<UnusableValue> unusable_values(const Matrix& x);

/// "column 3: found 1.797e+308, expected ..."
std::string unusable_value_text(const UnusableValue& value);

}  // namespace musicrep

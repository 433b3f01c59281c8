// Choices for composing. Nothing here calls libm: a composition has the same notes everywhere.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

#include "core/random.h"

namespace musicrep::orchestrion {

/// Uniform in [low, high).
inline double between(Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

/// Uniform whole number in [low, high].
inline int whole_between(Random& random, int low, int high) {
  assert(low <= high);
  return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low) + 1));
}

/// True with probability p.
inline bool chance(Random& random, double p) { return random.uniform() < p; }

/// Nearly standard normal, in (-6, 6): a sum of 12 uniforms (Irwin-Hall), so that only additions
/// are between the seed and the value.
inline double gaussian(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// One of the values, which must not be empty.
template <typename T>
const T& pick(Random& random, const std::vector<T>& values) {
  assert(!values.empty());
  return values[random.below(values.size())];
}

/// The nearest whole number, halves upwards; without libm's rounding modes.
inline int nearest(double value) {
  const int truncated = static_cast<int>(value);
  const double rest = value - truncated;
  if (rest >= 0.5) return truncated + 1;
  return rest < -0.5 ? truncated - 1 : truncated;
}

}  // namespace musicrep::orchestrion

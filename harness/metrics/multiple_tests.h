// Several tests at once.
#pragma once

#include <span>
#include <vector>

namespace musicrep {

/// A difference is significant where its p-value (two-sided, adjusted where there are several) is
/// below this.
inline constexpr double kSignificanceLevel = 0.05;

/// Holm's step-down adjustment (Holm 1979) of p-values in [0, 1]; order kept.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace musicrep

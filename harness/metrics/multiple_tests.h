// Several tests at once.
#pragma once

#include <span>
#include <vector>

namespace musicrep {

/// Holm's step-down adjustment (Holm 1979) of p-values in [0, 1]; order kept.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace musicrep

// Scores of predictions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace musicrep {

/// Share of items whose predicted class is the true one; inputs [n], n >= 1.
double accuracy(std::span<const double> truth, std::span<const double> predicted);

/// Coefficient of determination, 1 - SS_res / SS_tot with the mean of `truth`; inputs [n], n >= 1.
/// As scikit-learn's r2_score: a constant truth gives 1 where the prediction is perfect, else 0.
/// Constant means that all values are equal: unlike scikit-learn, the rule also holds where the
/// rounded mean of n equal values is not that value.
double r2(std::span<const double> truth, std::span<const double> predicted);

/// Counts [n_classes, n_classes], row = truth, column = prediction; inputs [n]. Throws DataError,
/// naming the items, where a value is not a whole number in [0, n_classes).
std::vector<std::int64_t> confusion(std::span<const double> truth,
                                    std::span<const double> predicted, std::size_t n_classes);

}  // namespace musicrep

// One split's items as dense matrices, and answers from scores: what linear probes and networks
// share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "probe/probe.h"

namespace musicrep {

/// Training and test items of a split, standardised by the training items where asked for.
struct DenseSplit {
  Matrix train;  ///< [n_train, d]
  Matrix test;   ///< [n_test, d]
};
DenseSplit dense_split(const Matrix& x, const Split& split, bool standardise);

/// The classes of these rows, ascending.
std::vector<double> classes_of(std::span<const double> y, std::span<const std::uint32_t> rows);

/// What linear probes and networks learn classes from: a column for each class, 1 for its rows,
/// else 0; two classes share one column, 1 for the second.
Matrix class_indicators(std::span<const double> y, std::span<const std::uint32_t> rows,
                        std::span<const double> classes);

/// [n] the class of the largest score in each row of [n, columns], the first on ties; of one column
/// the second class where it is above 0.
std::vector<double> winning_classes(const Matrix& scores, std::span<const double> classes);

/// a [n, d] times b [d, m], by BLAS on the calling thread.
Matrix product(const Matrix& a, const Matrix& b);
/// a' times b: a [n, d], b [n, m].
Matrix transposed_product(const Matrix& a, const Matrix& b);

/// The jobs of one configuration on one split.
struct ConfigJobs {
  std::size_t split = 0;
  std::size_t config = 0;
  std::vector<std::size_t> jobs;  ///< places in the problem's jobs, ascending
};

/// Runs `fit` on each configuration of each split that jobs ask for, in parallel; it puts its
/// results into places of their own.
using FitConfig = std::function<void(const DenseSplit& items, const ConfigJobs& jobs)>;
void for_each_configuration(const FitProblem& problem, const FitOptions& options,
                            const FitConfig& fit);
void for_each_configuration(const TagProblem& problem, const FitOptions& options,
                            const FitConfig& fit);

}  // namespace musicrep

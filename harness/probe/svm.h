// C-SVC (one-vs-one) and epsilon-SVR on blocks of a kernel matrix.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "probe/kernel.h"
#include "probe/smo.h"

namespace musicrep {

/// Items to learn from and items to predict.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

/// Limits of one fit.
struct FitLimits {
  double tolerance = 1e-3;
  std::int64_t max_iterations = 10'000'000;  ///< per binary problem
  /// A training block of K above this size is not held: rows are computed when needed and kept in a
  /// cache of this size.
  std::size_t max_kernel_bytes = std::size_t{1} << 30;
};

/// One fit's outcome on its test rows.
struct FitResult {
  std::vector<double> predicted;  ///< [n_test] class or value
  double gamma = 0;               ///< the number that a rule such as 'scale' came to; 0 for linear
  double objective = 0;           ///< sum of the binary problems' dual objectives
  std::int64_t iterations = 0;    ///< sum over binary problems
  bool cap_hit = false;           ///< stopped at the limit of iterations, not at the tolerance
  bool parameter_cut = false;     ///< more neighbours than training items: all were taken
};

/// One-vs-one C-SVC for each C of `cs` on the same kernel. Classes are whole numbers from 0; a
/// pair's rows stand by class, inside it in the order of the split. A vote goes to the lower class
/// where the decision is positive; the most votes win, the lowest class on ties (libsvm's rules).
std::vector<FitResult> fit_predict_svc(const KernelMatrix& kernel, std::span<const double> y,
                                       const Split& split, std::span<const double> cs,
                                       const FitLimits& limits);

/// Epsilon-SVR for each C of `cs` on the same kernel.
std::vector<FitResult> fit_predict_svr(const KernelMatrix& kernel, std::span<const double> y,
                                       const Split& split, std::span<const double> cs,
                                       double epsilon, const FitLimits& limits);

/// K[items, items] for the solver: held whole where it fits in `max_bytes`, otherwise row by row.
std::unique_ptr<KernelRows> make_kernel_rows(const KernelMatrix& kernel,
                                             std::span<const std::uint32_t> items,
                                             std::size_t max_bytes);

}  // namespace musicrep

// Sequential minimal optimisation on precomputed kernel rows, by libsvm's rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace musicrep {

/// Rows of a kernel matrix K [n, n] in float32, as libsvm caches them.
class KernelRows {
 public:
  virtual ~KernelRows() = default;
  KernelRows() = default;
  KernelRows(const KernelRows&) = delete;
  KernelRows& operator=(const KernelRows&) = delete;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Row i, [n]. Stays valid until two further rows have been asked for.
  virtual const float* row(std::size_t i) = 0;
  /// K[i, i] in double, [n].
  [[nodiscard]] virtual std::span<const double> diagonal() const = 0;
};

/// min over a of 1/2 a'Qa + p'a with Q[s, t] = y[s] y[t] K[base(s), base(t)], 0 <= a <= c, y'a = 0.
/// There are m = rows.size() variables (C-SVC), or 2 m, the second half over the same rows with
/// y = -1 (epsilon-SVR).
struct SmoProblem {
  std::span<const double> linear;  ///< p, [m] or [2 m]
  std::span<const signed char> y;  ///< +1 or -1, [m] or [2 m]
  double c = 1;
  double tolerance = 1e-3;  ///< on the violation of the KKT conditions
  std::int64_t max_iterations = 10'000'000;
};

struct SmoResult {
  std::vector<double> alpha;  ///< [m] or [2 m]
  double rho = 0;             ///< decision = sum alpha y K - rho
  double objective = 0;
  std::int64_t iterations = 0;
  bool cap_hit = false;  ///< stopped at max_iterations, not at the tolerance
};

/// Working-set selection by second-order information (Fan, Chen and Lin 2005, WSS 2), shrinking and
/// the stopping rule as in libsvm 3.24 (Chang and Lin 2011, section 4), with the same order of
/// variables and the same ties, so that it walks libsvm's path up to rounding. A request to stop
/// ends it with Error kInterrupted.
SmoResult solve_smo(const SmoProblem& problem, KernelRows& rows);

}  // namespace musicrep

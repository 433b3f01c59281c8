// Minimises a smooth convex function: limited-memory BFGS.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace musicrep {

/// The value at `at` [n], with the gradient [n] filled in.
using SmoothFunction =
    std::function<double(std::span<const double> at, std::span<double> gradient)>;

struct LbfgsOptions {
  double tolerance = 1e-6;  ///< on the largest entry of the gradient
  std::int64_t max_iterations = 1000;
};

struct LbfgsResult {
  std::vector<double> at;  ///< [n]
  double value = 0;
  std::int64_t iterations = 0;
  bool converged = false;
};

/// From `start`, with the last ten steps (Nocedal and Wright 2006, algorithm 7.5) and a line search
/// that brackets and bisects until both weak Wolfe conditions hold (Lewis and Overton 2013). It
/// ends without convergence at the limit, or where rounding leaves no lower point.
LbfgsResult minimise(const SmoothFunction& function, std::vector<double> start,
                     const LbfgsOptions& options);

}  // namespace musicrep

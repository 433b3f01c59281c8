// Steps put together into jobs that are long enough for a cluster to be worth starting.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/estimate.h"

namespace musicrep {

/// Steps that one job runs, one after the other.
struct StepJob {
  std::string name;                ///< a hash of its steps' keys
  std::vector<std::string> steps;  ///< keys, each after those that it takes
  std::vector<std::string> needs;  ///< names of the jobs that must have ended
  double wall_s = 0;               ///< on one thread; 0: not known of any of its steps
  double peak_mib = 0;             ///< 0: not known
  bool on_gpu = false;
};

/// Puts the steps that are to do into jobs without a circle among them. Steps whose estimates are
/// below `least_s` share a job with others, so that none is shorter unless all are together; a step
/// of which nothing is known has a job of its own, and so has every step where least_s is 0.
std::vector<StepJob> group_steps(std::span<const PlannedStep> steps, double least_s);

}  // namespace musicrep

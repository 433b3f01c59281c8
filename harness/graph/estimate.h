// What the steps of a graph will cost, estimated from measured costs of an earlier run.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/step.h"
#include "store/results.h"

namespace musicrep {

/// A step with its state, as plans show it.
struct PlannedStep {
  const Step* step = nullptr;
  std::string key;                 ///< empty where it cannot be run
  std::vector<std::string> needs;  ///< keys of the steps that must have been run or tried
  std::string state;               ///< "stored", "to do", "not needed", or why it cannot be run
  bool to_do = false;
  std::optional<StepCost> cost = {};  ///< where costs are known to estimate it from
};

/// What is left to do together.
struct PlanCost {
  std::size_t n_to_do = 0;
  std::size_t n_unknown = 0;  ///< of those, without a cost
  double cpu_s = 0;
  double wall_s =
      0;  ///< on this number of jobs: trainings side by side, the rest one after the other
  double peak_mib = 0;
  double disk_mib = 0;
};

/// The measured cost of a step like this one, for `size` in place of its size. Of several seeds the
/// dearest. Empty where none was measured.
std::optional<StepCost> estimate(const StepFacts& facts, std::size_t size,
                                 std::span<const StepCost> measured);

/// Every distinct step with its state and, where it is to do, its estimated cost.
std::vector<PlannedStep> planned_steps(std::span<const std::unique_ptr<Step>> steps,
                                       const ArtefactStore& store,
                                       std::span<const StepCost> measured);

/// `jobs`: threads of this machine that work at the same time.
PlanCost cost_of(std::span<const PlannedStep> steps, std::size_t jobs);

}  // namespace musicrep

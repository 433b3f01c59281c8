// What a plan will cost, judged by a run of it that is over.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// One step of a plan and what is expected of it.
struct PlannedStep {
  std::string what;   ///< "train", "encode", ...
  std::string text;   ///< the rest, for people
  std::string state;  ///< "stored", "to do", or why it cannot be run
  bool to_do = false;
  std::optional<StepCost> cost;  ///< where something is known to judge it by
};

/// What is left to do together.
struct PlanCost {
  std::size_t n_to_do = 0;
  std::size_t n_unknown = 0;  ///< of those, without a cost
  double cpu_s = 0;
  double wall_s = 0;  ///< on so many jobs: trainings side by side, the rest one after the other
  double peak_mib = 0;
  double disk_mib = 0;
};

/// Every step of `plan`, in the order in which they are run. `measured`: costs of an earlier run of
/// this experiment, anywhere; a step is judged by the one for the same encoder and data, in
/// proportion to its items (for an evaluation, to their square) or training steps.
std::vector<PlannedStep> planned_steps(const Plan& plan, const ArtefactStore& store,
                                       std::span<const StepCost> measured);

/// `jobs`: threads of this machine that work at the same time.
PlanCost cost_of(std::span<const PlannedStep> steps, std::size_t jobs);

}  // namespace musicrep

// What a plan will cost, judged by a run of it that is over.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/prepare.h"
#include "pipeline/step_graph.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// What is left to do together.
struct PlanCost {
  std::size_t n_to_do = 0;
  std::size_t n_unknown = 0;  ///< of those, without a cost
  double cpu_s = 0;
  double wall_s = 0;  ///< on so many jobs: trainings side by side, the rest one after the other
  double peak_mib = 0;
  double disk_mib = 0;
};

/// step_graph() of `plan` with the steps' states and costs. What is not stored but stands behind
/// stored steps alone is not needed. `measured`: costs of an earlier run of this experiment,
/// anywhere; a step is judged by the one for the same encoder and data, in proportion to its items
/// (for an evaluation, to their square) or training steps. Where `shard_s` is not 0, encodings that
/// are estimated to take longer are cut into shards of about so many seconds, and those of which
/// nothing is known into shards of kShardItems.
std::vector<PlannedStep> planned_steps(const Plan& plan, const ArtefactStore& store,
                                       std::span<const StepCost> measured, Sharding sharding = {},
                                       double shard_s = 0);
inline constexpr std::size_t kShardItems = 1000;

/// `jobs`: threads of this machine that work at the same time.
PlanCost cost_of(std::span<const PlannedStep> steps, std::size_t jobs);

}  // namespace musicrep

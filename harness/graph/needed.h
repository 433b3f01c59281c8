// Which steps have anything to do.
#pragma once

#include <span>
#include <unordered_map>

#include "graph/step.h"

namespace musicrep {

enum class StepState {
  kStored,     ///< its output is there
  kToDo,       ///< it is not, and somebody takes it
  kNotNeeded,  ///< it is not, and all that take it are stored
  kRefused,    ///< as planned
};

using StepStates = std::unordered_map<const Step*, StepState>;

/// The states of `steps`, which are distinct (distinct_steps()). A step that no other takes is
/// wanted for its own sake. `again`: none counts as stored.
StepStates step_states(std::span<const Step* const> steps, const ArtefactStore& store, bool again);

}  // namespace musicrep

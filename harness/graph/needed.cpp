#include "graph/needed.h"

#include <unordered_set>
#include <vector>

namespace musicrep {

StepStates step_states(std::span<const Step* const> steps, const ArtefactStore& store, bool again) {
  const auto needs = needs_among(steps);
  StepStates out;
  std::unordered_set<const Step*> taken;
  for (const Step* step : steps) {
    if (!step->facts().refusal.empty()) {
      out[step] = StepState::kRefused;
      continue;
    }
    out[step] = !again && step->is_stored(store) ? StepState::kStored : StepState::kNotNeeded;
    taken.insert(needs.at(step).begin(), needs.at(step).end());
  }
  std::vector<const Step*> open;
  const auto want = [&](const Step* step) {
    StepState& state = out.at(step);
    if (state != StepState::kNotNeeded) return;
    state = StepState::kToDo;
    open.push_back(step);
  };
  for (const Step* step : steps) {
    if (!taken.contains(step)) want(step);
  }
  while (!open.empty()) {
    const Step* step = open.back();
    open.pop_back();
    for (const Step* need : needs.at(step)) want(need);
  }
  return out;
}

}  // namespace musicrep

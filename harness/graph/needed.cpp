#include "graph/needed.h"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace musicrep {

StepStates step_states(std::span<const Step* const> steps, const ArtefactStore& store, bool again) {
  std::unordered_map<std::string_view, const Step*> by_key;
  for (const Step* step : steps) {
    if (step->facts().refusal.empty()) by_key[step->facts().key] = step;
  }
  // The same work may go by several names, of which `steps` has the first.
  const auto needed_of = [&](const Step& step) {
    std::vector<const Step*> out;
    for (const Step* need : needs_of(step)) {
      if (const auto at = by_key.find(need->facts().key); at != by_key.end()) {
        out.push_back(at->second);
      }
    }
    return out;
  };
  StepStates out;
  std::unordered_set<const Step*> taken;
  for (const Step* step : steps) {
    if (!step->facts().refusal.empty()) {
      out[step] = StepState::kRefused;
      continue;
    }
    out[step] = !again && step->is_stored(store) ? StepState::kStored : StepState::kNotNeeded;
    for (const Step* need : needed_of(*step)) taken.insert(need);
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
    for (const Step* need : needed_of(*step)) want(need);
  }
  return out;
}

}  // namespace musicrep

#include "graph/estimate.h"

#include <algorithm>
#include <cmath>

#include "graph/needed.h"

namespace musicrep {

std::optional<StepCost> estimate(const StepFacts& facts, std::size_t size,
                                 std::span<const StepCost> measured) {
  const StepSubject& subject = facts.subject;
  const StepCost* like = nullptr;
  for (const StepCost& cost : measured) {
    if (cost.step != subject.kind || cost.encoder != subject.encoder || cost.on != subject.on ||
        cost.n == 0) {
      continue;
    }
    if (like == nullptr || cost.cpu_s > like->cpu_s) like = &cost;
  }
  if (like == nullptr) return std::nullopt;
  StepCost out = *like;
  const double ratio = size == 0 ? 1 : static_cast<double>(size) / static_cast<double>(like->n);
  const double factor = std::pow(ratio, facts.growth);
  out.cpu_s *= factor;
  out.wall_s *= factor;
  if (facts.output_grows) out.disk_mib *= ratio;
  return out;
}

std::vector<PlannedStep> planned_steps(std::span<const std::unique_ptr<Step>> steps,
                                       const ArtefactStore& store,
                                       std::span<const StepCost> measured) {
  const std::vector<const Step*> distinct = distinct_steps(steps);
  const StepStates states = step_states(distinct, store, false);
  std::vector<PlannedStep> out;
  for (const Step* step : distinct) {
    const StepFacts& facts = step->facts();
    PlannedStep planned;
    planned.step = step;
    for (const Step* need : needs_of(*step)) {
      if (need->facts().refusal.empty()) planned.needs.push_back(need->facts().key);
    }
    const StepState state = states.at(step);
    planned.to_do = state == StepState::kToDo;
    if (state != StepState::kRefused) planned.key = facts.key;
    planned.state = state == StepState::kRefused  ? "cannot be run: " + facts.refusal
                    : state == StepState::kStored ? "stored"
                    : state == StepState::kToDo   ? "to do"
                                                  : "not needed";
    if (planned.to_do) planned.cost = estimate(facts, facts.size, measured);
    out.push_back(std::move(planned));
  }
  return out;
}

PlanCost cost_of(std::span<const PlannedStep> steps, std::size_t jobs) {
  PlanCost out;
  double side_by_side_s = 0;
  double longest_s = 0;
  const auto threads = static_cast<double>(std::max<std::size_t>(jobs, 1));
  for (const PlannedStep& planned : steps) {
    if (!planned.to_do) continue;
    ++out.n_to_do;
    if (!planned.cost) {
      ++out.n_unknown;
      continue;
    }
    out.cpu_s += planned.cost->cpu_s;
    out.peak_mib = std::max(out.peak_mib, planned.cost->peak_mib);
    out.disk_mib += planned.cost->disk_mib;
    if (planned.step->facts().on_one_thread) {
      side_by_side_s += planned.cost->cpu_s;
      longest_s = std::max(longest_s, planned.cost->cpu_s);
    } else {
      out.wall_s += planned.cost->cpu_s / threads;
    }
  }
  out.wall_s += std::max(longest_s, side_by_side_s / threads);
  return out;
}

}  // namespace musicrep

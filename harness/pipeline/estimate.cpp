#include "pipeline/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace musicrep {
namespace {

constexpr const char* kStored = "stored";
constexpr const char* kToDo = "to do";

/// A measured cost in proportion to `n`: as it grows with the power `power` of n.
std::optional<StepCost> cost_like(std::span<const StepCost> measured, const std::string& step,
                                  const std::string& encoder, const std::string& on, std::size_t n,
                                  int power) {
  const StepCost* like = nullptr;
  for (const StepCost& cost : measured) {
    if (cost.step != step || cost.encoder != encoder || cost.on != on || cost.n == 0) continue;
    // Of several seeds the dearest.
    if (like == nullptr || cost.cpu_s > like->cpu_s) like = &cost;
  }
  if (like == nullptr) return std::nullopt;
  StepCost out = *like;
  const double ratio = n == 0 ? 1 : static_cast<double>(n) / static_cast<double>(like->n);
  const double factor = power == 2 ? ratio * ratio : ratio;
  out.cpu_s *= factor;
  out.wall_s *= factor;
  if (step != kTrainStep) out.disk_mib *= ratio;
  return out;
}

std::size_t training_steps(const FitStep& step) {
  const auto at = step.options.find("steps");
  const auto* n = at == step.options.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return n == nullptr ? 0 : static_cast<std::size_t>(*n);
}

std::optional<StepCost> cost_of_encoding(std::span<const StepCost> measured, const EncodeStep& step,
                                         std::size_t n) {
  return cost_like(measured, kEncodeStep, step.label, step.dataset->name, n, 1);
}

std::optional<StepCost> cost_of_step(const Plan& plan, const PlannedStep& step,
                                     std::span<const StepCost> measured) {
  if (step.what == kMakeStep) {
    const Dataset& dataset = *plan.datasets[step.place];
    return cost_like(measured, kMakeStep, "", dataset.name, dataset.ids.size(), 1);
  }
  if (step.what == kTrainStep) {
    const FitStep& fit = plan.fits[step.place];
    return cost_like(measured, kTrainStep, fit.label, fit.dataset->name, training_steps(fit), 1);
  }
  if (step.what == kShardStep) {
    return cost_of_encoding(measured, plan.encodes[step.place], step.items.end - step.items.first);
  }
  if (step.what == kEncodeStep && step.shards.empty()) {
    const EncodeStep& encode = plan.encodes[step.place];
    return cost_of_encoding(measured, encode, encode.dataset->ids.size());
  }
  if (step.what == kEvaluateStep && step.refusal.empty()) {
    const EvaluateStep& cell = plan.evaluations[step.place];
    return cost_like(measured, kEvaluateStep, plan.encodes[cell.encode].label,
                     cell.task.name + " under " + cell.protocol->name,
                     plan.limit == 0 ? 0 : cell.task.dataset->ids.size(), 2);
  }
  return std::nullopt;
}

// What stands behind stored steps alone need not be there itself. The last step comes first here:
// every other one stands before those that take it, or is looked at again.
void find_needed(std::vector<PlannedStep>& steps) {
  std::unordered_map<std::string_view, PlannedStep*> by_key;
  for (PlannedStep& step : steps) by_key[step.key] = &step;
  std::vector<const PlannedStep*> open = {&steps.back()};
  std::unordered_set<std::string_view> needed = {steps.back().key};
  while (!open.empty()) {
    const PlannedStep& step = *open.back();
    open.pop_back();
    if (!step.to_do) continue;
    for (const std::string& key : step.needs) {
      if (needed.insert(key).second) open.push_back(by_key.at(key));
    }
  }
  for (PlannedStep& step : steps) {
    if (!step.to_do || needed.contains(step.key)) continue;
    step.to_do = false;
    step.state = "not needed";
    step.cost.reset();
  }
}

}  // namespace

std::vector<PlannedStep> planned_steps(const Plan& plan, const ArtefactStore& store,
                                       std::span<const StepCost> measured, Sharding sharding,
                                       double shard_s) {
  for (const EncodeStep& step : plan.encodes) {
    if (shard_s == 0) break;
    const auto cost = cost_of_encoding(measured, step, 1);
    const double n = cost && cost->cpu_s > 0 ? std::ceil(shard_s / cost->cpu_s) : 0;
    sharding.of[step.key] = n > 0 ? static_cast<std::size_t>(std::min(n, 1e9)) : kShardItems;
  }
  std::vector<PlannedStep> steps = step_graph(plan, sharding);
  for (PlannedStep& step : steps) {
    step.to_do = step.refusal.empty() && !is_stored(plan, step, store);
    step.state = !step.refusal.empty() ? "cannot be run: " + step.refusal
                 : step.to_do          ? kToDo
                                       : kStored;
    if (step.to_do) step.cost = cost_of_step(plan, step, measured);
  }
  find_needed(steps);
  return steps;
}

PlanCost cost_of(std::span<const PlannedStep> steps, std::size_t jobs) {
  PlanCost out;
  double training_s = 0;
  double longest_s = 0;
  const auto threads = static_cast<double>(std::max<std::size_t>(jobs, 1));
  for (const PlannedStep& step : steps) {
    if (!step.to_do) continue;
    ++out.n_to_do;
    if (!step.cost) {
      ++out.n_unknown;
      continue;
    }
    out.cpu_s += step.cost->cpu_s;
    out.peak_mib = std::max(out.peak_mib, step.cost->peak_mib);
    out.disk_mib += step.cost->disk_mib;
    if (step.cost->step == kTrainStep) {
      training_s += step.cost->cpu_s;
      longest_s = std::max(longest_s, step.cost->cpu_s);
    } else {
      out.wall_s += step.cost->cpu_s / threads;
    }
  }
  out.wall_s += std::max(longest_s, training_s / threads);
  return out;
}

}  // namespace musicrep

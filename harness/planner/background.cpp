#include "planner/background.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "graph/costs.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

constexpr std::size_t kMostPoints = 100;

/// `values` in at most kMostPoints stretches: the mean of each, or its last entry.
std::vector<double> thinned(const std::vector<double>& values, bool mean) {
  const std::size_t n = std::min(values.size(), kMostPoints);
  std::vector<double> out;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t begin = k * values.size() / n;
    const std::size_t end = (k + 1) * values.size() / n;
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += values[i];
    out.push_back(mean ? sum / static_cast<double>(end - begin) : values[end - 1]);
  }
  return out;
}

}  // namespace

std::vector<TrainingCurve> training_curves(const Plan& plan, const ArtefactStore& store) {
  std::vector<TrainingCurve> out;
  for (const TrainStep* step : plan.trainings) {
    // An encoder may write a format of its own.
    const std::filesystem::path weights = store.weights_path(step->facts().key);
    if (!step->is_stored(store) || !is_weights_file(weights)) continue;
    auto curves = read_curves(weights);
    const auto number = [&](const char* name) -> std::optional<double> {
      const auto at = curves.find(name);
      return at == curves.end() || at->second.empty() ? std::nullopt
                                                      : std::optional(at->second.front());
    };
    out.push_back({.encoder = step->training().label,
                   .corpus = step->training().dataset->name,
                   .seed = static_cast<std::int64_t>(step->training().seed_index),
                   .step = thinned(curves["step"], false),
                   .loss = thinned(curves["loss"], true),
                   .validation_step = thinned(curves["validation_step"], false),
                   .validation_loss = thinned(curves["validation_loss"], true),
                   .base_loss = number("base_loss"),
                   .average_precision = number("average_precision")});
  }
  return out;
}

std::vector<StepCost> costs_of_steps(const Plan& plan, const FinishedRun& run) {
  std::vector<StepCost> out;
  for (const auto& step : plan.steps) {
    const StepFacts& facts = step->facts();
    if (!facts.refusal.empty()) continue;
    const StepOutcome* outcome = run.outcomes.of(*step);
    auto cost = stored_cost(run.context.store, outcome == nullptr ? facts.key : outcome->key);
    if (!cost) continue;
    cost->step = facts.kind;
    cost->encoder = facts.subject.encoder;
    cost->on = facts.subject.on;
    cost->seed = facts.subject.seed;
    out.push_back(std::move(*cost));
  }
  return out;
}

std::vector<Citation> citations(const Plan& plan) {
  std::vector<Citation> out;
  const auto add = [&](const std::string& used_by, const std::string& text) {
    if (text.empty() || std::ranges::find(out, used_by, &Citation::used_by) != out.end()) return;
    out.push_back({used_by, text});
  };
  for (const Encoding* of : all_encodings(plan)) add("encoder " + of->label, of->info.citation);
  for (const auto& dataset : plan.datasets) {
    add("data set " + dataset->data->name, dataset->data->about);
  }
  for (const auto& protocol : plan.protocols) add("protocol " + protocol->name, protocol->source);
  for (const PublishedSpec& figure : plan.experiment.published) {
    add(fmt::format("published figure of {} on {} under {}", figure.encoder, figure.task,
                    figure.protocol),
        figure.source);
  }
  for (const ClaimSpec& claim : plan.experiment.claims) add("claim: " + claim.text, claim.source);
  return out;
}

}  // namespace musicrep

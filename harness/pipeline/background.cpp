#include "pipeline/background.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/costs.h"
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

/// Every training of the plan once, with the place of its seed.
struct Training {
  const FitStep* fit = nullptr;
  std::int64_t seed = 0;
};

std::vector<Training> trainings(const Plan& plan) {
  std::vector<Training> out;
  for (const FitStep& fit : plan.fits) {
    const auto step = std::ranges::find_if(
        plan.encodes, [&](const EncodeStep& e) { return e.fit && &plan.fits[*e.fit] == &fit; });
    const std::size_t seed = step == plan.encodes.end() ? 0 : step->seed_index;
    out.push_back({&fit, static_cast<std::int64_t>(seed)});
  }
  return out;
}

}  // namespace

std::vector<TrainingCurve> training_curves(const Plan& plan, const ArtefactStore& store) {
  std::vector<TrainingCurve> out;
  for (const auto& [fit, seed] : trainings(plan)) {
    // An encoder may write a format of its own.
    const std::filesystem::path weights = store.weights_path(fit->key);
    if (!store.has_weights(fit->key) || !is_weights_file(weights)) continue;
    auto curves = read_curves(weights);
    out.push_back({.encoder = fit->label,
                   .corpus = fit->dataset->name,
                   .seed = seed,
                   .step = thinned(curves["step"], false),
                   .loss = thinned(curves["loss"], true),
                   .validation_step = thinned(curves["validation_step"], false),
                   .validation_loss = thinned(curves["validation_loss"], true)});
  }
  return out;
}

std::vector<StepCost> costs_of_vectors(const Plan& plan, const ArtefactStore& store) {
  std::vector<StepCost> out;
  const auto add = [&](const char* step, const std::string& key, const std::string& encoder,
                       const std::string& on, std::size_t seed) {
    auto cost = stored_cost(store, key);
    if (!cost) return;
    cost->step = step;
    cost->encoder = encoder;
    cost->on = on;
    cost->seed = static_cast<std::int64_t>(seed);
    out.push_back(std::move(*cost));
  };
  for (const auto& dataset : plan.datasets) {
    if (dataset->make_audio) add(kMakeStep, dataset->audio_sha256, "", dataset->name, 0);
  }
  for (const auto& [fit, seed] : trainings(plan)) {
    add(kTrainStep, fit->key, fit->label, fit->dataset->name, static_cast<std::size_t>(seed));
  }
  for (const EncodeStep& step : plan.encodes) {
    add(kEncodeStep, step.key, step.label, step.dataset->name, step.seed_index);
  }
  return out;
}

std::vector<Citation> citations(const Plan& plan) {
  std::vector<Citation> out;
  const auto add = [&](const std::string& used_by, const std::string& text) {
    if (text.empty() || std::ranges::find(out, used_by, &Citation::used_by) != out.end()) return;
    out.push_back({used_by, text});
  };
  for (const EncodeStep& step : plan.encodes) add("encoder " + step.label, step.info.citation);
  for (const auto& dataset : plan.datasets) add("data set " + dataset->name, dataset->about);
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

#include "pipeline/estimate.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/hash.h"
#include "pipeline/diagnose_step.h"
#include "pipeline/retrieve_step.h"

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

class Lister {
 public:
  Lister(const Plan& plan, const ArtefactStore& store, std::span<const StepCost> measured)
      : plan_(plan), store_(store), measured_(measured) {}

  std::vector<PlannedStep> list() {
    for (const auto& dataset : plan_.datasets) add_audio(*dataset);
    for (const FitStep& step : plan_.fits) {
      add("train",
          fmt::format("{:<24} on {}{}", step.label, step.dataset->name, trained(step).seed_text),
          store_.has_weights(step.key) ? kStored : kToDo,
          cost_like(measured_, kTrainStep, step.label, step.dataset->name, training_steps(step),
                    1));
    }
    for (const EncodeStep& step : plan_.encodes) {
      add("encode", fmt::format("{:<24} on {}{}", step.label, step.dataset->name, step.seed_text),
          !step.refusal.empty()                ? "cannot be run: " + step.refusal
          : store_.has("embeddings", step.key) ? kStored
                                               : kToDo,
          cost_like(measured_, kEncodeStep, step.label, step.dataset->name,
                    step.dataset->ids.size(), 1));
    }
    auto missing = plan_.missing.begin();
    for (const EvaluateStep& step : plan_.evaluations) {
      for (; missing != plan_.missing.end() && missing->cell < step.cell; ++missing) {
        add_missing(*missing);
      }
      add_evaluation(step);
    }
    for (; missing != plan_.missing.end(); ++missing) add_missing(*missing);
    for (const RetrieveStep& step : plan_.retrievals) {
      const EncodeStep& from = plan_.encodes[step.encode];
      add("retrieve",
          fmt::format("{:<24} on {}: {}{}", from.label, step.task.dataset->name, step.task.split,
                      from.seed_text),
          state_of(from, from.refusal, "retrieval",
                   [&](const std::string& embeddings) {
                     return retrieval_key_json(plan_, step, embeddings);
                   }),
          std::nullopt);
    }
    for (const DiagnoseStep& step : plan_.diagnoses) {
      const EncodeStep& from = plan_.encodes[step.encode];
      add("diagnose",
          fmt::format("{:<24} on {}{}: {} clips", from.label, from.dataset->name, from.seed_text,
                      step.items.size()),
          stored_diagnosis(plan_, step, store_) ? kStored : kToDo, std::nullopt);
    }
    return std::move(out_);
  }

 private:
  void add(const char* what, std::string text, std::string state, std::optional<StepCost> cost) {
    const bool to_do = state == kToDo;
    out_.push_back(
        {what, std::move(text), std::move(state), to_do, to_do ? std::move(cost) : std::nullopt});
  }

  [[nodiscard]] const EncodeStep& trained(const FitStep& fit) const {
    return *std::ranges::find_if(plan_.encodes, [&](const EncodeStep& step) {
      return step.fit && &plan_.fits[*step.fit] == &fit;
    });
  }

  void add_audio(const Dataset& dataset) {
    const bool trained_on = std::ranges::any_of(
        plan_.fits, [&](const FitStep& fit) { return fit.dataset == &dataset; });
    if (!dataset.make_audio || !(trained_on || plan_.heard.contains(&dataset))) return;
    std::error_code none;
    const bool there = std::ranges::all_of(
        dataset.audio, [&](const auto& file) { return std::filesystem::exists(file, none); });
    add("make", fmt::format("audio of {}", dataset.name), there ? kStored : kToDo,
        cost_like(measured_, kMakeStep, "", dataset.name, dataset.ids.size(), 1));
  }

  void add_missing(const MissingCell& cell) {
    add("evaluate", fmt::format("{:<24} on {} under {}", cell.encoder, cell.task, cell.protocol),
        "cannot be run: " + cell.reason, std::nullopt);
  }

  void add_evaluation(const EvaluateStep& step) {
    const EncodeStep& from = plan_.encodes[step.encode];
    add("evaluate",
        fmt::format("{:<24} on {} under {}{}: {} configurations", from.label, step.task.name,
                    step.protocol->name, from.seed_text,
                    step.protocol->configurations(step.task.is_classification()).size()),
        state_of(from, step.refusal, "evaluation",
                 [&](const std::string& embeddings) {
                   return evaluation_key_json(plan_, step, embeddings);
                 }),
        cost_like(measured_, kEvaluateStep, from.label,
                  step.task.name + " under " + step.protocol->name,
                  plan_.limit == 0 ? 0 : step.task.dataset->ids.size(), 2));
  }

  // Steps on vectors are known by the vectors' hash: while these are not there, so are they not.
  [[nodiscard]] std::string state_of(
      const EncodeStep& from, const std::string& refusal, const char* artefact,
      const std::function<std::string(const std::string&)>& key_json) const {
    if (!refusal.empty()) return "cannot be run: " + refusal;
    const auto embeddings = store_.get_embeddings(from.key);
    if (!embeddings) return kToDo;
    return store_.has(artefact, sha256_hex(key_json(sha256_of(*embeddings)))) ? kStored : kToDo;
  }

  const Plan& plan_;
  const ArtefactStore& store_;
  std::span<const StepCost> measured_;
  std::vector<PlannedStep> out_;
};

}  // namespace

std::vector<PlannedStep> planned_steps(const Plan& plan, const ArtefactStore& store,
                                       std::span<const StepCost> measured) {
  return Lister(plan, store, measured).list();
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

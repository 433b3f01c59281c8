#include "pipeline/run_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/hash.h"
#include "musicrep/error.h"
#include "pipeline/costs.h"
#include "pipeline/diagnose_step.h"
#include "pipeline/encodings.h"
#include "pipeline/evaluate_step.h"
#include "pipeline/remaining.h"
#include "pipeline/retrieve_step.h"
#include "pipeline/sweep_step.h"

namespace musicrep {
namespace {

constexpr const char* kNotRun = "not run: ";
constexpr const char* kTriedArtefact = "tried";

class StepRunner {
 public:
  StepRunner(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
             const RunOptions& options, RunProgress& progress)
      : plan_(plan),
        registry_(registry),
        store_(store),
        options_(options),
        progress_(progress),
        encodings_(plan, registry, store, options, progress),
        items_(plan, encodings_) {}

  std::string run(const PlannedStep& step) {
    if (step.what == kMakeStep) return make(*plan_.datasets[step.place]);
    if (step.what == kTrainStep) return train(plan_.fits[step.place]);
    if (step.what == kShardStep) return encode_shard(plan_.encodes[step.place], step.items);
    if (step.what == kEncodeStep) return encode(plan_.encodes[step.place], step.shards);
    if (step.what == kEvaluateStep) return evaluate(plan_.evaluations[step.place]);
    if (step.what == kRetrieveStep) return retrieve(plan_.retrievals[step.place]);
    if (step.what == kDiagnoseStep) return diagnose(plan_.diagnoses[step.place]);
    return sweep(sweep_steps(plan_)[step.place]);
  }

 private:
  std::string make(const Dataset& dataset) {
    make_audio(dataset, store_, options_.jobs, told());
    return fmt::format("{} files", dataset.audio.size());
  }

  std::string train(const FitStep& fit) {
    run_fits({&fit, 1}, registry_, store_, options_.jobs, false, told(), [&](const FitStep& of) {
      return std::make_shared<const ItemFrames>(
          encodings_.of(plan_.encodes[*of.frames]).embeddings);
    });
    return fmt::format("weights {}", fit.key.substr(0, 12));
  }

  std::string encode_shard(const EncodeStep& whole, ItemRange items) {
    const Shard shard = shard_of(whole, items);
    return described(encodings_.shard(whole, shard.step));
  }

  std::string encode(const EncodeStep& step, const std::vector<ItemRange>& shards) {
    return described(shards.empty() ? encodings_.of(step)
                                    : merge_shards(step, shards, plan_.skip_bad, store_));
  }

  std::string evaluate(const EvaluateStep& planned) {
    items_.find(planned.task.dataset);
    const EvaluateStep step = items_.on(planned);
    const Embeddings embeddings = items_.embeddings(plan_.encodes[step.encode]);
    const ResultRow row =
        evaluate_cell(plan_, step, embeddings, sha256_of(embeddings), store_, options_, progress_)
            .row;
    if (!row.failure.empty()) return kNotRun + row.failure;
    return fmt::format("{} {:.3f} [{:.3f}, {:.3f}]", row.metric, row.score, row.ci_low,
                       row.ci_high);
  }

  std::string retrieve(const RetrieveStep& step) {
    items_.find(step.task.dataset);
    const Retrieval row =
        run_retrieval(plan_, step,
                      {[&](const EncodeStep& of) { return items_.embeddings(of); },
                       [&](const Dataset& planned) -> const Dataset& { return items_.of(planned); },
                       [&](const EncodeStep& of) { return encodings_.encoder(of); }},
                      store_, options_, progress_);
    return row.failure.empty() ? fmt::format("{} texts", row.n) : kNotRun + row.failure;
  }

  std::string diagnose(const DiagnoseStep& step) {
    const auto out = run_diagnosis(plan_, step,
                                   {[&](const EncodeStep& of) { return encodings_.encoder(of); },
                                    [&](const EncodeStep& of) { return encodings_.frames(of); }},
                                   store_, options_, progress_);
    return fmt::format("{} measures of {} clips", out.diagnoses.size(), step.items.size());
  }

  std::string sweep(const SweepStep& step) {
    items_.find(plan_.evaluations[step.evaluations.front()].task.dataset);
    try {
      const auto points =
          run_sweep(plan_, step,
                    {[&](const EncodeStep& of) { return items_.embeddings(of); },
                     [&](const Dataset& planned) -> const Dataset& { return items_.of(planned); }},
                    store_, options_, progress_)
              .first;
      return fmt::format("{} points", points.size());
    } catch (const DataError& error) {
      return std::string(kNotRun) + error.what();
    }
  }

  static std::string described(const Encoded& encoded) {
    const std::string skipped =
        encoded.skipped.empty() ? "" : fmt::format(", {} skipped", encoded.skipped.size());
    return fmt::format("{} items, {} dimensions{}", encoded.embeddings.ids.size(),
                       encoded.embeddings.values.cols(), skipped);
  }

  std::function<void(std::size_t, std::size_t)> told() {
    return [this](std::size_t done, std::size_t total) { progress_.update(done, total); };
  }

  const Plan& plan_;
  const EncoderRegistry& registry_;
  const ArtefactStore& store_;
  const RunOptions& options_;
  RunProgress& progress_;
  Encodings encodings_;
  RemainingItems items_;
};

// That a step was tried and left nothing where is_stored() looks, so that those after it need not
// wait for that: it was not run, or it stands on fewer items than planned, because some were
// skipped (which ones follows from its inputs), and the store has it under the key of those.
std::string tried_key_json(const PlannedStep& step) {
  return nlohmann::json({{"step", "tried"}, {"of", step.key}, {"inputs", step.needs}}).dump();
}

bool was_tried(const PlannedStep& step, const ArtefactStore& store) {
  return store.has(kTriedArtefact, sha256_hex(tried_key_json(step)));
}

std::vector<const PlannedStep*> missing_inputs(const Plan& plan, std::span<const PlannedStep> graph,
                                               const PlannedStep& step,
                                               const ArtefactStore& store) {
  std::vector<const PlannedStep*> out;
  for (const std::string& key : step.needs) {
    const auto input = std::ranges::find(graph, key, &PlannedStep::key);
    if (!is_stored(plan, *input, store)) out.push_back(&*input);
  }
  return out;
}

}  // namespace

void require_inputs(const Plan& plan, std::span<const PlannedStep> graph, const PlannedStep& step,
                    const ArtefactStore& store) {
  Problems problems;
  for (const PlannedStep* input : missing_inputs(plan, graph, step, store)) {
    if (was_tried(*input, store)) continue;
    problems.add(fmt::format("{} {}: its output is not in the store '{}' (step {})", input->what,
                             input->text, store.root().string(), input->key));
  }
  problems.throw_if_any(fmt::format("step {}: {} {} needs steps that have not been run:", step.key,
                                    step.what, step.text));
}

std::string run_step(const Plan& plan, std::span<const PlannedStep> graph, const PlannedStep& step,
                     const EncoderRegistry& registry, const ArtefactStore& store,
                     const RunOptions& options, RunProgress& progress) {
  if (is_stored(plan, step, store)) {
    // Shards that came twice are removed with the others.
    if (step.what == kEncodeStep && !step.shards.empty()) {
      static_cast<void>(merge_shards(plan.encodes[step.place], step.shards, plan.skip_bad, store));
    }
    return "stored";
  }
  require_inputs(plan, graph, step, store);
  std::string outcome;
  if (const auto missing = missing_inputs(plan, graph, step, store); !missing.empty()) {
    outcome =
        fmt::format("{}{} {} was not run", kNotRun, missing.front()->what, missing.front()->text);
  } else {
    try {
      outcome = StepRunner(plan, registry, store, options, progress).run(step);
    } catch (const ForeignFailure& failure) {
      outcome = std::string(kNotRun) + failure.what();
    }
  }
  if (outcome.starts_with(kNotRun) || !is_stored(plan, step, store)) {
    const std::string key_json = tried_key_json(step);
    store.put_text(kTriedArtefact, sha256_hex(key_json), key_json,
                   fmt::format("{}: {} {}", plan.experiment.name, step.what, step.text), outcome);
  }
  return outcome;
}

}  // namespace musicrep

#include "pipeline/step_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/hash.h"
#include "pipeline/diagnose_step.h"
#include "pipeline/encodings.h"
#include "pipeline/retrieve_step.h"
#include "pipeline/sweep_step.h"

namespace musicrep {
namespace {

std::string output(const char* kind, const std::string& key) {
  return fmt::format("{}/{}.h5", kind, key);
}

/// The key of making a data set's audio: its name holds all that can change it.
std::string make_key_json(const Dataset& dataset) {
  return nlohmann::json({{"step", "make audio"}, {"audio", dataset.audio_sha256}}).dump();
}

std::string make_key(const Dataset& dataset) { return sha256_hex(make_key_json(dataset)); }

/// What stands for the hash of vectors that are not there yet.
std::string vectors_of(const EncodeStep& step) { return "encode " + step.key; }

class Lister {
 public:
  Lister(const Plan& plan, const Sharding& sharding) : plan_(plan), sharding_(sharding) {}

  std::vector<PlannedStep> list() {
    for (std::size_t d = 0; d < plan_.datasets.size(); ++d) add_audio(d);
    for (std::size_t f = 0; f < plan_.fits.size(); ++f) add_training(f);
    for (std::size_t e = 0; e < plan_.encodes.size(); ++e) add_encoding(e);
    auto missing = plan_.missing.begin();
    for (std::size_t k = 0; k < plan_.evaluations.size(); ++k) {
      for (; missing != plan_.missing.end() && missing->cell < plan_.evaluations[k].cell;
           ++missing) {
        add_missing(*missing);
      }
      add_evaluation(k);
    }
    for (; missing != plan_.missing.end(); ++missing) add_missing(*missing);
    for (std::size_t k = 0; k < plan_.retrievals.size(); ++k) add_retrieval(k);
    for (std::size_t k = 0; k < plan_.diagnoses.size(); ++k) add_diagnosis(k);
    add_sweeps();
    add_assembly();
    return std::move(out_);
  }

 private:
  // The same vectors may go by several names: they are made once.
  void add(PlannedStep step) {
    if (step.key.empty() && !step.key_json.empty()) step.key = sha256_hex(step.key_json);
    if (!step.refusal.empty()) step.key.clear();
    if (!step.key.empty() && !seen_.insert(step.key).second) return;
    std::ranges::sort(step.needs);
    // Not std::ranges::unique, which clang 14 cannot compile with this library.
    step.needs.erase(std::unique(step.needs.begin(), step.needs.end()), step.needs.end());
    out_.push_back(std::move(step));
  }

  [[nodiscard]] const EncodeStep* trained(const FitStep& fit) const {
    const auto at = std::ranges::find_if(plan_.encodes, [&](const EncodeStep& step) {
      return step.fit && &plan_.fits[*step.fit] == &fit;
    });
    return at == plan_.encodes.end() ? nullptr : &*at;
  }

  [[nodiscard]] std::vector<std::string> audio_behind(const Dataset& dataset) const {
    return dataset.make_audio ? std::vector{make_key(dataset)} : std::vector<std::string>();
  }

  // What an encoder takes on its data set, beside the items: weights, audio or frames.
  [[nodiscard]] std::vector<std::string> behind(const EncodeStep& step) const {
    std::vector<std::string> out;
    if (step.info.input == InputKind::kPcm) out = audio_behind(*step.dataset);
    if (step.fit) out.push_back(plan_.fits[*step.fit].key);
    if (step.frames) out.push_back(plan_.encodes[*step.frames].key);
    return out;
  }

  // Rows stand on the items that every encoder of the data set could encode.
  [[nodiscard]] std::vector<std::string> vectors_behind_rows(const EncodeStep& step) const {
    std::vector<std::string> out = {step.key};
    for (const EncodeStep& other : plan_.encodes) {
      if (plan_.skip_bad && other.dataset == step.dataset && other.refusal.empty() &&
          is_scored(plan_, other)) {
        out.push_back(other.key);
      }
    }
    return out;
  }

  void add_audio(std::size_t place) {
    const Dataset& dataset = *plan_.datasets[place];
    const bool trained_on = std::ranges::any_of(
        plan_.fits, [&](const FitStep& fit) { return fit.dataset == &dataset; });
    if (!dataset.make_audio || !(trained_on || plan_.heard.contains(&dataset))) return;
    add({.key_json = make_key_json(dataset),
         .what = kMakeStep,
         .text = fmt::format("audio of {}", dataset.name),
         .place = place});
  }

  void add_training(std::size_t place) {
    const FitStep& fit = plan_.fits[place];
    const EncodeStep* step = trained(fit);
    PlannedStep out{.key = fit.key,
                    .key_json = fit.key_json,
                    .what = kTrainStep,
                    .text = fmt::format("{:<24} on {}{}", fit.label, fit.dataset->name,
                                        step == nullptr ? "" : step->seed_text),
                    .place = place,
                    .outputs = {output("weights", fit.key)}};
    if (fit.frames) {
      out.needs = {plan_.encodes[*fit.frames].key};
    } else if (step == nullptr || step->info.input == InputKind::kPcm) {
      out.needs = audio_behind(*fit.dataset);
    }
    add(std::move(out));
  }

  void add_encoding(std::size_t place) {
    const EncodeStep& step = plan_.encodes[place];
    if (!is_encoded(plan_, step)) return;
    PlannedStep whole{
        .key = step.key,
        .key_json = step.key_json,
        .what = kEncodeStep,
        .text = fmt::format("{:<24} on {}{}", step.label, step.dataset->name, step.seed_text),
        .refusal = step.refusal,
        .place = place,
        .needs = behind(step),
        .outputs = {output("embeddings", step.key)}};
    const auto given = sharding_.of.find(step.key);
    if (step.refusal.empty()) {
      whole.shards = cut(step, given == sharding_.of.end() ? sharding_.n_items : given->second);
    }
    const std::vector<std::string> needs = whole.needs;
    if (!whole.shards.empty()) whole.needs.clear();
    for (const ItemRange& items : whole.shards) {
      const std::string key_json = shard_key_json(step, items);
      const std::string key = sha256_hex(key_json);
      whole.needs.push_back(key);
      add({.key = key,
           .key_json = key_json,
           .what = kShardStep,
           .text = fmt::format("{}, items {} to {}", whole.text, items.first, items.end),
           .place = place,
           .items = items,
           .needs = needs,
           .outputs = {output("embeddings", key)}});
    }
    add(std::move(whole));
  }

  void add_missing(const MissingCell& cell) {
    add({.what = kEvaluateStep,
         .text = fmt::format("{:<24} on {} under {}", cell.encoder, cell.task, cell.protocol),
         .refusal = cell.reason});
  }

  void add_evaluation(std::size_t place) {
    const EvaluateStep& step = plan_.evaluations[place];
    const EncodeStep& from = plan_.encodes[step.encode];
    add({.key_json = evaluation_key_json(plan_, step, vectors_of(from)),
         .what = kEvaluateStep,
         .text = fmt::format("{:<24} on {} under {}{}: {} configurations", from.label,
                             step.task.name, step.protocol->name, from.seed_text,
                             step.protocol->configurations(step.task.is_classification()).size()),
         .refusal = step.refusal,
         .place = place,
         .needs = vectors_behind_rows(from)});
  }

  void add_retrieval(std::size_t place) {
    const RetrieveStep& step = plan_.retrievals[place];
    const EncodeStep& from = plan_.encodes[step.encode];
    PlannedStep out{.key_json = retrieval_key_json(plan_, step, vectors_of(from)),
                    .what = kRetrieveStep,
                    .text = fmt::format("{:<24} on {}: {}{}", from.label, step.task.dataset->name,
                                        step.task.split, from.seed_text),
                    .refusal = from.refusal,
                    .place = place,
                    .needs = vectors_behind_rows(from)};
    if (from.fit) out.needs.push_back(plan_.fits[*from.fit].key);  // texts are encoded, too
    add(std::move(out));
  }

  void add_diagnosis(std::size_t place) {
    const DiagnoseStep& step = plan_.diagnoses[place];
    const EncodeStep& from = plan_.encodes[step.encode];
    const std::string key_json = diagnosis_key_json(plan_, step);
    const std::string key = sha256_hex(key_json);
    add({.key = key,
         .key_json = key_json,
         .what = kDiagnoseStep,
         .text = fmt::format("{:<24} on {}{}: {} clips", from.label, from.dataset->name,
                             from.seed_text, step.items.size()),
         .place = place,
         .needs = behind(from),
         .outputs = {output("diagnosis", key)}});
  }

  void add_sweeps() {
    const std::vector<SweepStep> sweeps = sweep_steps(plan_);
    for (std::size_t k = 0; k < sweeps.size(); ++k) {
      const EvaluateStep& row = plan_.evaluations[sweeps[k].evaluations.front()];
      PlannedStep out{.what = kSweepStep,
                      .text = fmt::format("{:<24} on {} under {}", plan_.encodes[row.encode].label,
                                          row.task.name, row.protocol->name),
                      .place = k};
      std::vector<std::string> vectors;
      for (const std::size_t e : sweeps[k].evaluations) {
        const EncodeStep& from = plan_.encodes[plan_.evaluations[e].encode];
        vectors.push_back(vectors_of(from));
        for (std::string& key : vectors_behind_rows(from)) out.needs.push_back(std::move(key));
      }
      out.key_json = sweep_key_json(plan_, sweeps[k], *row.task.dataset, vectors);
      add(std::move(out));
    }
  }

  // Takes what no other step does, weights (encoders give fingerprints) and audio (it is pictured).
  void add_assembly() {
    std::set<std::string> taken;
    for (const PlannedStep& step : out_) taken.insert(step.needs.begin(), step.needs.end());
    PlannedStep last{.what = kAssembleStep,
                     .text = fmt::format("results and report of {}", plan_.experiment.name)};
    Sha256 all;
    all.update_text(plan_.experiment.sha256);
    for (const PlannedStep& step : out_) {
      if (step.key.empty()) continue;
      all.update_text(step.key);
      if (!taken.contains(step.key) || step.what == kTrainStep || step.what == kMakeStep) {
        last.needs.push_back(step.key);
      }
    }
    last.key = all.hex();
    add(std::move(last));
  }

  const Plan& plan_;
  const Sharding& sharding_;
  std::vector<PlannedStep> out_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<PlannedStep> step_graph(const Plan& plan, const Sharding& sharding) {
  return Lister(plan, sharding).list();
}

bool is_stored(const Plan& plan, const PlannedStep& step, const ArtefactStore& store) {
  if (!step.refusal.empty() || step.what == kAssembleStep) return false;
  const auto vectors = [&](std::size_t encode) {
    return stored_encoding_sha256(plan.encodes[encode], plan.skip_bad, store);
  };
  // Steps on vectors are known by the vectors' hash: while these are not there, so are they not.
  const auto has = [&](const char* kind, const std::string& of, const auto& key_json) {
    return !of.empty() && store.has(kind, sha256_hex(key_json(of)));
  };
  if (step.what == kMakeStep) {
    std::error_code none;
    return std::ranges::all_of(plan.datasets[step.place]->audio, [&](const auto& file) {
      return std::filesystem::exists(file, none);
    });
  }
  if (step.what == kTrainStep) return store.has("weights", step.key);
  if (step.what == kShardStep) {
    return is_shard_stored(plan.encodes[step.place], step.items, plan.skip_bad, store);
  }
  if (step.what == kEncodeStep) {
    return is_encoding_stored(plan.encodes[step.place], plan.skip_bad, store);
  }
  if (step.what == kEvaluateStep) {
    const EvaluateStep& cell = plan.evaluations[step.place];
    return has("evaluation", vectors(cell.encode),
               [&](const std::string& of) { return evaluation_key_json(plan, cell, of); });
  }
  if (step.what == kRetrieveStep) {
    const RetrieveStep& cell = plan.retrievals[step.place];
    return has("retrieval", vectors(cell.encode),
               [&](const std::string& of) { return retrieval_key_json(plan, cell, of); });
  }
  if (step.what == kDiagnoseStep) return store.has("diagnosis", step.key);
  const std::vector<SweepStep> sweeps = sweep_steps(plan);
  std::vector<std::string> of_seeds;
  for (const std::size_t k : sweeps[step.place].evaluations) {
    of_seeds.push_back(vectors(plan.evaluations[k].encode));
    if (of_seeds.back().empty()) return false;
  }
  const Dataset& dataset = *plan.evaluations[sweeps[step.place].evaluations.front()].task.dataset;
  return store.has("sweep",
                   sha256_hex(sweep_key_json(plan, sweeps[step.place], dataset, of_seeds)));
}

}  // namespace musicrep

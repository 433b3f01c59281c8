#include "steps/retrieve_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/hash.h"
#include "graph/cached.h"
#include "musicrep/error.h"
#include "provenance/code_hash.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "retrieval";

}  // namespace

void check_unseen(const EncodeStep& from, const Dataset& dataset, const std::string& split,
                  const std::string& what) {
  std::set<std::uint32_t> asked;
  for (std::size_t i = 0; i < dataset.splits.size(); ++i) {
    if (dataset.splits[i] == split) asked.insert(static_cast<std::uint32_t>(i));
  }
  for (const Training* training : from.trainings()) {
    const Seen seen = seen_in_training(*training->dataset, dataset, asked);
    if (seen.n_items == 0 && seen.n_groups == 0) continue;
    throw DataError(
        fmt::format("{} on data set '{}': {} of the {} items of the split \"{}\" and {} of "
                    "their artists were in the training data '{}' of '{}'; expected none",
                    what, dataset.name, seen.n_items, asked.size(), split, seen.n_groups,
                    training->dataset->name, training->label));
  }
}

std::string retrieval_key_json(const RunSettings& settings, const RetrievalTask& task,
                               const std::string& manifest_sha256, const std::string& space,
                               const std::string& embeddings_sha256) {
  return nlohmann::json({{"step", "retrieve"},
                         {"retrieval_version", kRetrievalVersion},
                         {"code", settings.scoring_code},
                         {"embeddings", embeddings_sha256},
                         {"encoder", space},
                         {"manifest", manifest_sha256},
                         {"split", task.split},
                         {"centre", task.centre},
                         {"n", task.n}})
      .dump();
}

RetrieveStep::RetrieveStep(const EncodeStep& from, const RetrievalTask& task,
                           ScoredVectors& vectors, const RunSettings& settings)
    : from_(from), task_(task), vectors_(vectors), settings_(settings) {
  const Encoding& encoding = from.encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kRetrieveStep;
  facts.text = fmt::format("{:<24} on {}: {}{}", encoding.label, task.dataset->name, task.split,
                           encoding.seed_text);
  facts.title = fmt::format("retrieve on {}: {}{}", encoding.dataset->name, encoding.label,
                            encoding.seed_text);
  set_key(retrieval_key_json(settings, task, from.dataset().manifest_sha256, encoding.space,
                             "encode " + from.facts().key));
  facts.refusal = from.facts().refusal;
  facts.inputs = {&from};
  if (from.training() != nullptr)
    facts.inputs.push_back(from.training());  // texts are encoded, too
  facts.subject = {kRetrieveStep, encoding.label, encoding.dataset->name,
                   static_cast<std::int64_t>(encoding.seed_index)};
  facts.size = encoding.dataset->ids.size();
  facts.refuses_bad_data = true;
}

std::string RetrieveStep::key_json_for(const StepContext& context,
                                       const std::string& embeddings_sha256) const {
  return retrieval_key_json(settings_, task_, manifest_of(from_.dataset(), remaining(context)),
                            from_.encoding().space, embeddings_sha256);
}

const Dataset& RetrieveStep::remaining(const StepContext& context) const {
  return vectors_.remaining(from_.dataset(), context);
}

bool RetrieveStep::is_stored(const ArtefactStore& store) const {
  const std::string vectors = stored_encoding_sha256(from_.encoding(), settings_.skip_bad, store);
  if (vectors.empty()) return false;
  return store.has(kArtefact,
                   sha256_hex(retrieval_key_json(settings_, task_, from_.dataset().manifest_sha256,
                                                 from_.encoding().space, vectors)));
}

StepOutcome RetrieveStep::run(const StepContext& context) const {
  RetrievalTask task = task_;
  task.dataset = &remaining(context);
  const auto vectors = vectors_.of(from_, context);
  const Cached<Retrieval> made = make_json_once<Retrieval>(
      context, {kArtefact, key_json_for(context, vectors->sha256)},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter& meter) {
        const auto encoder = from_.encoder(context);
        meter.restart();
        return retrieve(task, *vectors->embeddings, *encoder, context.jobs);
      },
      [&](const Retrieval&) { return static_cast<std::int64_t>(task.dataset->ids.size()); });
  const Retrieval& row = made.value;
  const auto in_ten =
      std::ranges::count_if(row.music_rank, [](std::int64_t rank) { return rank <= 10; });
  return {.text = fmt::format("{} of {} pieces of music among the first 10", in_ten, row.n),
          .key = made.key,
          .was_stored = made.was_stored};
}

Retrieval RetrieveStep::row(const FinishedRun& run) const {
  Retrieval row;
  row.failure = run.outcomes.refusal(*this);
  if (const StepOutcome* outcome = run.outcomes.of(*this); row.failure.empty() && outcome) {
    row = require_stored<Retrieval>(run.context.store, kArtefact, outcome->key, facts().title);
  } else {
    row.split = task_.split;
    row.centring = task_.centre ? kTrainingMeans : kNoCentring;
  }
  if (run.outcomes.refusal(from_).empty()) {
    const VectorFacts& vectors = vectors_.facts_of(from_, run.context);
    row.embeddings_sha256 = vectors.sha256;
    row.step_key = key_without_code(key_json_for(run.context, vectors.sha256));
    row.notes.insert(row.notes.begin(), vectors.notes.begin(), vectors.notes.end());
  }
  const Encoding& encoding = from_.encoding();
  row.dataset = encoding.dataset->name;
  row.encoder = encoding.label;
  row.encoder_kind = encoding.kind;
  row.encoder_version = encoding.version;
  return row;
}

void RetrievalPart::add_to(Results& results, const FinishedRun& run) const {
  std::vector<Retrieval> rows;
  for (const RetrieveStep* step : seeds_) rows.push_back(step->row(run));
  results.retrievals.push_back(merge_retrievals(rows, seeds_.front()->remaining(run.context)));
}

}  // namespace musicrep

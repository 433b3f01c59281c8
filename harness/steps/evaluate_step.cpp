#include "steps/evaluate_step.h"

#include <fmt/format.h>

#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "evaluation/merge_seeds.h"
#include "graph/cached.h"
#include "musicrep/error.h"
#include "provenance/code_hash.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "evaluation";

// A placeholder for the hash of vectors that are not there yet.
std::string planned_vectors(const EncodeStep& step) { return "encode " + step.facts().key; }

}  // namespace

std::string evaluation_key_json(const RunSettings& settings, const Task& task,
                                const Protocol& protocol, const std::string& manifest_sha256,
                                const std::string& embeddings_sha256) {
  nlohmann::json targets = nlohmann::json::array();
  for (const Target* target : task.targets) targets.push_back(target->name);
  nlohmann::json key = {{"step", "evaluate"},
                        {"evaluation_version", kEvaluationVersion},
                        {"code", settings.scoring_code},
                        {"embeddings", embeddings_sha256},
                        {"manifest", manifest_sha256},
                        {"task", task.name},
                        {"targets", targets},
                        {"protocol", protocol.sha256},
                        {"solver", to_string(settings.solver)},
                        {"seed", settings.seed}};
  // Tasks that name no metric keep the keys that they had before there was a choice.
  if (task.metric != nullptr) key["metric"] = task.metric->name;
  if (task.tagging) key["tagging"] = true;
  return key.dump();
}

EvaluateStep::EvaluateStep(const EncodeStep& from, Task task, const Protocol& protocol,
                           ScoredVectors& vectors, const RunSettings& settings)
    : RowStep(from, std::move(task), vectors, settings), protocol_(protocol) {
  const Encoding& encoding = from.encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kEvaluateStep;
  facts.text = fmt::format("{:<24} on {} under {}{}: {} configurations", encoding.label, task_.name,
                           protocol.name, encoding.seed_text,
                           protocol.configurations(task_.is_classification()).size());
  facts.title = fmt::format("{} under {}: {}{}", task_.name, protocol.name, encoding.label,
                            encoding.seed_text);
  set_key(evaluation_key_json(settings, task_, protocol, from.dataset().manifest_sha256,
                              planned_vectors(from)));
  facts.refusal = from.facts().refusal;
  facts.inputs = {&from};
  facts.subject = {kEvaluateStep, encoding.label, task_.name + " under " + protocol.name,
                   static_cast<std::int64_t>(encoding.seed_index)};
  // Without a limit the items are those of the run whose costs are known.
  facts.size = settings.limit == 0 ? 0 : task_.dataset->ids.size();
  facts.growth = 2;
  facts.refuses_bad_data = true;
}

std::string EvaluateStep::key_json_for(const StepContext& context,
                                       const std::string& embeddings_sha256) const {
  const Dataset& items = vectors_.remaining(from_.dataset(), context);
  return evaluation_key_json(settings_, task_, protocol_, manifest_of(from_.dataset(), items),
                             embeddings_sha256);
}

bool EvaluateStep::is_stored(const ArtefactStore& store) const {
  const std::string vectors = stored_encoding_sha256(from_.encoding(), settings_.skip_bad, store);
  if (vectors.empty()) return false;
  return store.has(kArtefact,
                   sha256_hex(evaluation_key_json(settings_, task_, protocol_,
                                                  from_.dataset().manifest_sha256, vectors)));
}

StepOutcome EvaluateStep::run(const StepContext& context) const {
  const Task task = on_items(task_, vectors_.remaining(from_.dataset(), context));
  const auto vectors = vectors_.of(from_, context);
  FitOptions fit;
  fit.solver = settings_.solver;
  fit.threads = context.jobs;
  fit.seed = settings_.seed;
  fit.progress = context.update;
  const Cached<ResultRow> made = make_json_once<ResultRow>(
      context, {kArtefact, key_json_for(context, vectors->sha256)},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter&) { return evaluate(*vectors->embeddings, task, protocol_, fit); },
      [](const ResultRow& row) { return row.n; });
  const ResultRow& row = made.value;
  return {.text = fmt::format("{} {:.3f} [{:.3f}, {:.3f}]", row.metric, row.score, row.ci_low,
                              row.ci_high),
          .key = made.key,
          .was_stored = made.was_stored};
}

ResultRow EvaluateStep::scored(const StepContext& context) const {
  StepContext with = context;
  with.again = false;
  return require_stored<ResultRow>(context.store, kArtefact, run(with).key, facts().title);
}

ResultRow EvaluateStep::scored_or_refused(const FinishedRun& run) const {
  const std::string refusal = run.outcomes.refusal(*this);
  const StepOutcome* outcome = run.outcomes.of(*this);
  if (refusal.empty() && outcome != nullptr) {
    return require_stored<ResultRow>(run.context.store, kArtefact, outcome->key, facts().title);
  }
  ResultRow row;
  row.task = task_.name;
  row.dataset = task_.dataset->name;
  row.protocol = protocol_.name;
  row.protocol_version = protocol_.version;
  row.protocol_sha256 = protocol_.sha256;
  row.metric = task_.scored_by().name;
  row.failure = refusal;
  return row;
}

void RowStep::add_origin(ResultRow& row, const FinishedRun& run,
                         const std::vector<std::string>& planned) const {
  const Encoding& encoding = from_.encoding();
  row.dataset = task_.dataset->name;
  row.encoder = encoding.label;
  row.encoder_kind = encoding.kind;
  row.encoder_version = encoding.version;
  const Dataset& items = vectors_.remaining(from_.dataset(), run.context);
  row.item_group = item_groups(row.item_ids, items);
  if (run.outcomes.refusal(from_).empty()) {
    const VectorFacts& vectors = vectors_.facts_of(from_, run.context);
    row.embeddings_sha256 = vectors.sha256;
    row.notes.insert(row.notes.begin(), vectors.notes.begin(), vectors.notes.end());
  }
  const std::size_t n_skipped = vectors_.skipped(from_.dataset(), run.context).size();
  if (n_skipped > 0) {
    row.notes.push_back(fmt::format(
        "{} of {} items were skipped because their audio is bad: see \"What it stands on\"",
        n_skipped, n_skipped + items.ids.size()));
  }
  row.notes.insert(row.notes.end(), planned.begin(), planned.end());
  if (settings_.limit > 0) {
    row.notes.push_back(fmt::format("a quick look at {} items, no result", settings_.limit));
  }
}

ResultRow EvaluateStep::row(const FinishedRun& run) const {
  ResultRow row = scored_or_refused(run);
  add_origin(row, run, notes_);
  row.step_key = key_without_code(key_json_for(run.context, row.embeddings_sha256));
  return row;
}

MissingStep::MissingStep(const MissingCell& cell) {
  StepFacts& facts = mutable_facts();
  facts.kind = kEvaluateStep;
  facts.text = fmt::format("{:<24} on {} under {}", cell.encoder, cell.task, cell.protocol);
  facts.title = fmt::format("{} under {}: {}", cell.task, cell.protocol, cell.encoder);
  facts.refusal = cell.reason;
}

StepOutcome MissingStep::run(const StepContext&) const {
  assert(false && "a refused step is not run");
  return {};
}

void RowPart::add_to(Results& results, const FinishedRun& run) const {
  if (seeds_.empty()) {
    ResultRow row;
    row.encoder = missing_.encoder;
    row.encoder_kind = missing_.kind;
    row.encoder_version = missing_.version;
    row.task = missing_.task;
    row.dataset = missing_.dataset;
    row.protocol = missing_.protocol;
    row.failure = missing_.reason;
    results.rows.push_back(std::move(row));
    return;
  }
  std::vector<ResultRow> rows;
  for (const RowStep* step : seeds_) rows.push_back(step->row(run));
  results.rows.push_back(merge_seeds(rows));
}

}  // namespace musicrep

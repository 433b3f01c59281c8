#include "steps/zero_shot_step.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "graph/cached.h"
#include "provenance/code_hash.h"
#include "steps/retrieve_step.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "zero-shot";

}  // namespace

ZeroShotStep::ZeroShotStep(const EncodeStep& from, Task task, Prompts prompts,
                           ScoredVectors& vectors, const RunSettings& settings)
    : RowStep(from, std::move(task), vectors, settings), prompts_(std::move(prompts)) {
  check_unseen(from, *task_.dataset, prompts_.split, "zero-shot classification");
  const Encoding& encoding = from.encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kZeroShotStep;
  facts.text = fmt::format("{:<24} on {} by {} texts a class{}", encoding.label, task_.name,
                           prompts_.templates.size(), encoding.seed_text);
  facts.title = fmt::format("{} zero-shot: {}{}", task_.name, encoding.label, encoding.seed_text);
  set_key(key_json(from.dataset().manifest_sha256, "encode " + from.facts().key));
  facts.refusal = from.facts().refusal;
  facts.inputs = {&from};
  if (from.training() != nullptr)
    facts.inputs.push_back(from.training());  // texts are encoded, too
  facts.subject = {kZeroShotStep, encoding.label, task_.name,
                   static_cast<std::int64_t>(encoding.seed_index)};
  facts.size = task_.dataset->ids.size();
  facts.refuses_bad_data = true;
}

std::string ZeroShotStep::key_json(const std::string& manifest_sha256,
                                   const std::string& embeddings_sha256) const {
  nlohmann::json key = {{"step", "zero-shot"},
                        {"zero_shot_version", kZeroShotVersion},
                        {"code", settings_.scoring_code},
                        {"embeddings", embeddings_sha256},
                        {"encoder", from_.encoding().space},
                        {"manifest", manifest_sha256},
                        {"task", task_.name},
                        {"target", task_.targets.front()->name},
                        {"prompts", prompts_.sha256()}};
  if (task_.metric != nullptr) key["metric"] = task_.metric->name;
  return key.dump();
}

bool ZeroShotStep::is_stored(const ArtefactStore& store) const {
  const std::string vectors = stored_encoding_sha256(from_.encoding(), settings_.skip_bad, store);
  if (vectors.empty()) return false;
  return store.has(kArtefact, sha256_hex(key_json(from_.dataset().manifest_sha256, vectors)));
}

StepOutcome ZeroShotStep::run(const StepContext& context) const {
  const Dataset& items = vectors_.remaining(from_.dataset(), context);
  const Task task = on_items(task_, items);
  const auto vectors = vectors_.of(from_, context);
  const Cached<ResultRow> made = make_json_once<ResultRow>(
      context, {kArtefact, key_json(manifest_of(from_.dataset(), items), vectors->sha256)},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter& meter) {
        const auto encoder = from_.encoder(context);
        meter.restart();
        return zero_shot(*vectors->embeddings, task, prompts_, *encoder);
      },
      [](const ResultRow& row) { return row.n; });
  const ResultRow& row = made.value;
  return {.text = fmt::format("{} {:.3f} [{:.3f}, {:.3f}]", row.metric, row.score, row.ci_low,
                              row.ci_high),
          .key = made.key,
          .was_stored = made.was_stored};
}

ResultRow ZeroShotStep::row(const FinishedRun& run) const {
  ResultRow row;
  const std::string refusal = run.outcomes.refusal(*this);
  if (const StepOutcome* outcome = run.outcomes.of(*this); refusal.empty() && outcome != nullptr) {
    row = require_stored<ResultRow>(run.context.store, kArtefact, outcome->key, facts().title);
  } else {
    row.task = task_.name;
    row.protocol = kZeroShotProtocol;
    row.protocol_version = kZeroShotVersion;
    row.protocol_sha256 = prompts_.sha256();
    row.metric = task_.scored_by().name;
    row.failure = refusal;
  }
  add_origin(row, run);
  if (run.outcomes.refusal(from_).empty()) {
    const Dataset& items = vectors_.remaining(from_.dataset(), run.context);
    row.step_key =
        key_without_code(key_json(manifest_of(from_.dataset(), items), row.embeddings_sha256));
  }
  return row;
}

}  // namespace musicrep

#include "steps/sweep_step.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "core/random.h"
#include "graph/cached.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "sweep";

}  // namespace

std::string sweep_key_json(const RunSettings& settings, const SweepSpec& spec, const Task& task,
                           const Protocol& protocol, const std::string& manifest_sha256,
                           std::span<const std::string> embeddings) {
  nlohmann::json targets = nlohmann::json::array();
  for (const Target* target : task.targets) targets.push_back(target->name);
  nlohmann::json key = {{"step", "sweep"},
                        {"sweep_version", kSweepVersion},
                        {"evaluation_version", kEvaluationVersion},
                        {"code", settings.scoring_code},
                        {"embeddings", std::vector(embeddings.begin(), embeddings.end())},
                        {"manifest", manifest_sha256},
                        {"task", spec.task},
                        {"targets", targets},
                        {"protocol", protocol.sha256},
                        {"labels", spec.labels},
                        {"draws", spec.draws},
                        {"pooling", spec.poolings},
                        {"scaling", spec.scalings},
                        {"c", spec.c},
                        {"solver", to_string(settings.solver)},
                        {"seed", settings.seed}};
  if (task.metric != nullptr) key["metric"] = task.metric->name;
  return key.dump();
}

SweepStep::SweepStep(const SweepSpec& spec, std::vector<const EvaluateStep*> rows,
                     ScoredVectors& vectors, const RunSettings& settings)
    : spec_(spec), rows_(std::move(rows)), vectors_(vectors), settings_(settings) {
  if (row().protocol().outer == OuterKind::kNone) {
    throw ConfigError(
        fmt::format("[[sweep]]: the protocol '{}' holds nothing out to test on", spec.protocol));
  }
  const Encoding& encoding = row().from().encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kSweepStep;
  facts.text = fmt::format("{:<24} on {} under {}", encoding.label, row().task().name,
                           row().protocol().name);
  facts.title = fmt::format("sweep {} under {}: {}", row().task().name, row().protocol().name,
                            encoding.label);
  std::vector<std::string> planned;
  for (const EvaluateStep* each : rows_) {
    planned.push_back("encode " + each->from().facts().key);
    facts.inputs.push_back(&each->from());
    const std::vector<const Step*> beside = vectors.beside(each->from());
    facts.after.insert(facts.after.end(), beside.begin(), beside.end());
  }
  set_key(sweep_key_json(settings, spec, row().task(), row().protocol(), dataset().manifest_sha256,
                         planned));
  facts.subject = {kSweepStep, encoding.label,
                   row().task().name + " under " + row().protocol().name, 0};
  facts.size = settings.limit == 0 ? 0 : encoding.dataset->ids.size();
  facts.growth = 2;
  facts.refuses_bad_data = true;
}

bool SweepStep::is_stored(const ArtefactStore& store) const {
  std::vector<std::string> hashes;
  for (const EvaluateStep* each : rows_) {
    hashes.push_back(stored_encoding_sha256(each->from().encoding(), settings_.skip_bad, store));
    if (hashes.back().empty()) return false;
  }
  return store.has(kArtefact,
                   sha256_hex(sweep_key_json(settings_, spec_, row().task(), row().protocol(),
                                             dataset().manifest_sha256, hashes)));
}

StepOutcome SweepStep::run(const StepContext& context) const {
  std::vector<Embeddings> seeds;
  std::vector<std::string> hashes;
  for (const EvaluateStep* each : rows_) {
    const auto vectors = vectors_.of(each->from(), context);
    seeds.push_back(*vectors->embeddings);
    hashes.push_back(vectors->sha256);
  }
  const Dataset& items = vectors_.remaining(dataset(), context);
  const Task task = on_items(row().task(), items);
  FitOptions fit;
  fit.solver = settings_.solver;
  fit.threads = context.jobs;
  fit.progress = context.update;
  using Points = std::vector<SweepPoint>;
  const Cached<Points> made = make_json_once<Points>(
      context,
      {kArtefact, sweep_key_json(settings_, spec_, task, row().protocol(),
                                 manifest_of(dataset(), items), hashes)},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter&) {
        return sweep(seeds, task, row().protocol(), spec_, fit,
                     derive_seed(settings_.seed, "sweep/" + task.name));
      },
      [&](const Points&) { return static_cast<std::int64_t>(items.ids.size()); });
  return {.text = fmt::format("{} points", made.value.size()),
          .key = made.key,
          .was_stored = made.was_stored};
}

void SweepPart::add_to(Results& results, const FinishedRun& run) const {
  const StepOutcome* outcome = run.outcomes.of(step_);
  if (outcome == nullptr || !run.outcomes.refusal(step_).empty()) return;
  for (SweepPoint& point : require_stored<std::vector<SweepPoint>>(
           run.context.store, kArtefact, outcome->key, step_.facts().title)) {
    point.dataset = step_.row().task().dataset->name;
    point.encoder = step_.row().from().encoding().label;
    results.sweeps.push_back(std::move(point));
  }
}

}  // namespace musicrep

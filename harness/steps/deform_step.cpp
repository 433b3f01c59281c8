#include "steps/deform_step.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "evaluation/deformed.h"
#include "graph/cached.h"
#include "musicrep/error.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "deformed";

}  // namespace

std::string DeformStep::key_json(const Task& task, const std::string& manifest_sha256,
                                 const std::string& clean_sha256,
                                 const std::string& deformed_sha256) const {
  nlohmann::json key = nlohmann::json::parse(
      evaluation_key_json(settings_, task, row_.protocol(), manifest_sha256, clean_sha256));
  key["step"] = kDeformStep;
  key["deformed_version"] = kDeformedVersion;
  key["deformed"] = deformed_sha256;
  return key.dump();
}

DeformStep::DeformStep(const EvaluateStep& row, const EncodeStep& from,
                       const Deformation& deformation, ScoredVectors& vectors,
                       const RunSettings& settings)
    : row_(row), from_(from), deformation_(deformation), vectors_(vectors), settings_(settings) {
  if (row.protocol().outer == OuterKind::kNone) {
    throw ConfigError(fmt::format("[[deform]]: the protocol '{}' holds nothing out to test on",
                                  row.protocol().name));
  }
  const Encoding& encoding = from.encoding();
  const std::string on =
      fmt::format("{} under {}, {}", row.task().name, row.protocol().name, deformation.text());
  StepFacts& facts = mutable_facts();
  facts.kind = kDeformStep;
  facts.text = fmt::format("{:<24} on {}{}", encoding.label, on, encoding.seed_text);
  facts.title = fmt::format("{}: {}{}", on, encoding.label, encoding.seed_text);
  facts.refusal = from.facts().refusal;
  facts.inputs = {&row, &row.from(), &from};
  set_key(key_json(row.task(), from.dataset().manifest_sha256, "encode " + row.from().facts().key,
                   "encode " + from.facts().key));
  facts.subject = {kDeformStep, encoding.label, on, static_cast<std::int64_t>(encoding.seed_index)};
  facts.size = settings.limit == 0 ? 0 : encoding.dataset->ids.size();
  facts.growth = 2;
  facts.refuses_bad_data = true;
}

void DeformStep::wait_for_others() { mutable_facts().after = vectors_.beside(from_); }

bool DeformStep::is_stored(const ArtefactStore& store) const {
  const std::string clean =
      stored_encoding_sha256(row_.from().encoding(), settings_.skip_bad, store);
  const std::string deformed = stored_encoding_sha256(from_.encoding(), settings_.skip_bad, store);
  if (clean.empty() || deformed.empty()) return false;
  return store.has(kArtefact, sha256_hex(key_json(row_.task(), from_.dataset().manifest_sha256,
                                                  clean, deformed)));
}

StepOutcome DeformStep::run(const StepContext& context) const {
  const Dataset& items = vectors_.remaining(from_.dataset(), context);
  const Task task = on_items(row_.task(), items);
  const ResultRow row = row_.scored(context);
  const auto clean = vectors_.of(row_.from(), context);
  const auto deformed = vectors_.of(from_, context);
  FitOptions fit;
  fit.solver = settings_.solver;
  fit.threads = context.jobs;
  fit.seed = settings_.seed;
  fit.progress = context.update;
  const Cached<Deformed> made = make_json_once<Deformed>(
      context,
      {kArtefact,
       key_json(task, manifest_of(from_.dataset(), items), clean->sha256, deformed->sha256)},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter&) {
        return predict_deformed(row, *clean->embeddings, *deformed->embeddings, task,
                                row_.protocol(), fit);
      },
      [&](const Deformed&) { return row.n; });
  return {.text = fmt::format("vectors moved by {:.3f} of their norm", made.value.distance),
          .key = made.key,
          .was_stored = made.was_stored};
}

Deformed DeformStep::deformed(const FinishedRun& run) const {
  Deformed out;
  const std::string refusal = run.outcomes.refusal(*this);
  const StepOutcome* outcome = run.outcomes.of(*this);
  if (refusal.empty() && outcome != nullptr) {
    out = require_stored<Deformed>(run.context.store, kArtefact, outcome->key, facts().title);
    const Dataset& items = vectors_.remaining(from_.dataset(), run.context);
    out.embeddings_sha256 = vectors_.facts_of(from_, run.context).sha256;
    out.step_key = key_without_code(
        key_json(on_items(row_.task(), items), manifest_of(from_.dataset(), items),
                 vectors_.facts_of(row_.from(), run.context).sha256, out.embeddings_sha256));
  } else {
    out.failure = refusal.empty() ? "its row has no score" : refusal;
  }
  out.encoder = from_.encoding().label;
  out.task = row_.task().name;
  out.dataset = row_.task().dataset->name;
  out.protocol = row_.protocol().name;
  out.metric = row_.task().scored_by().name;
  out.deformation = deformation_.text();
  out.spec = deformation_.key().dump();
  return out;
}

void DeformPart::add_to(Results& results, const FinishedRun& run) const {
  std::vector<Deformed> seeds;
  for (const DeformStep* step : seeds_) {
    seeds.push_back(step->deformed(run));
    if (!seeds.back().failure.empty()) {
      results.deformed.push_back(seeds.back());
      return;
    }
  }
  Deformed out = seeds.front();
  std::string hashes = out.embeddings_sha256;
  std::string keys = out.step_key;
  for (std::size_t s = 1; s < seeds.size(); ++s) {
    const Deformed& seed = seeds[s];
    for (std::size_t t = 0; t < out.targets.size(); ++t) {
      std::vector<double>& to = out.targets[t].predicted;
      to.insert(to.end(), seed.targets[t].predicted.begin(), seed.targets[t].predicted.end());
    }
    out.n_refit += seed.n_refit;
    out.distance += seed.distance;
    out.cosine += seed.cosine;
    hashes += " " + seed.embeddings_sha256;
    keys += " " + seed.step_key;
  }
  out.n_seeds = static_cast<std::int64_t>(seeds.size());
  if (seeds.size() > 1) {
    out.distance /= static_cast<double>(seeds.size());
    out.cosine /= static_cast<double>(seeds.size());
    out.embeddings_sha256 = sha256_hex(hashes);
    out.step_key = sha256_hex(keys);
  }
  results.deformed.push_back(std::move(out));
}

}  // namespace musicrep

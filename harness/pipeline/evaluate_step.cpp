#include "pipeline/evaluate_step.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "musicrep/error.h"
#include "pipeline/costs.h"
#include "pipeline/stored.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "evaluation";

ResultRow refused(const EvaluateStep& step, const std::string& reason) {
  ResultRow row;
  row.task = step.task.name;
  row.dataset = step.task.dataset->name;
  row.protocol = step.protocol->name;
  row.protocol_version = step.protocol->version;
  row.protocol_sha256 = step.protocol->sha256;
  row.metric = step.task.is_classification() ? "accuracy" : "r2";
  row.failure = reason;
  return row;
}

}  // namespace

EvaluatedCell evaluate_cell(const Plan& plan, const EvaluateStep& step,
                            const Embeddings& embeddings, const std::string& embeddings_sha256,
                            const ArtefactStore& store, const RunOptions& options,
                            RunProgress& progress) {
  const std::string key_json = evaluation_key_json(plan, step, embeddings_sha256);
  EvaluatedCell out;
  out.key = sha256_hex(key_json);
  if (!step.refusal.empty()) {
    out.row = refused(step, step.refusal);
    return out;
  }
  const EncodeStep& from = plan.encodes[step.encode];
  const std::string description =
      fmt::format("{}: {} under {}: {}{}", plan.experiment.name, step.task.name,
                  step.protocol->name, from.label, from.seed_text);
  const StepLock lock(store, out.key, description);
  if (options.overwrite != OverwriteStrategy::kAlways) {
    if (auto stored = stored_result<ResultRow>(store, kArtefact, out.key)) {
      out.row = std::move(*stored);
      out.was_stored = true;
      return out;
    }
  }
  FitOptions fit;
  fit.solver = plan.solver;
  fit.threads = options.jobs;
  fit.progress = [&](std::size_t done, std::size_t total) { progress.update(done, total); };
  try {
    const CostMeter meter(CostMeter::Of::kProgram);
    out.row = evaluate(embeddings, step.task, *step.protocol, fit);
    StepCost cost = meter.cost();
    cost.n = out.row.n;
    store_cost(store, out.key, "cost of: " + description, cost);
    store.put_text(kArtefact, out.key, key_json, description, nlohmann::json(out.row).dump());
  } catch (const DataError& error) {
    out.row = refused(step, error.what());
  }
  return out;
}

}  // namespace musicrep

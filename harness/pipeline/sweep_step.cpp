#include "pipeline/sweep_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/hash.h"
#include "core/random.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "pipeline/stored.h"
#include "pipeline/sweep.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "sweep";

}  // namespace

std::string sweep_key_json(const Plan& plan, const SweepStep& sweep, const Dataset& dataset,
                           std::span<const std::string> embeddings) {
  const SweepSpec& spec = *sweep.spec;
  const EvaluateStep& step = plan.evaluations[sweep.evaluations.front()];
  return nlohmann::json({{"step", "sweep"},
                         {"sweep_version", kSweepVersion},
                         {"evaluation_version", kEvaluationVersion},
                         {"code", plan.scoring_code},
                         {"embeddings", std::vector(embeddings.begin(), embeddings.end())},
                         {"manifest", manifest_of(plan, dataset)},
                         {"task", spec.task},
                         {"targets",
                          [&] {
                            std::vector<std::string> names;
                            for (const Target* t : step.task.targets) names.push_back(t->name);
                            return names;
                          }()},
                         {"protocol", step.protocol->sha256},
                         {"labels", spec.labels},
                         {"draws", spec.draws},
                         {"pooling", spec.poolings},
                         {"scaling", spec.scalings},
                         {"c", spec.c},
                         {"solver", plan.solver == Solver::kOwn ? "own" : "libsvm"},
                         {"seed", plan.seed}})
      .dump();
}

std::pair<std::vector<SweepPoint>, bool> run_sweep(const Plan& plan, const SweepStep& step,
                                                   const SweepSources& sources,
                                                   const ArtefactStore& store,
                                                   const RunOptions& options,
                                                   RunProgress& progress) {
  const EvaluateStep& row = plan.evaluations[step.evaluations.front()];
  std::vector<Embeddings> seeds;
  std::vector<std::string> hashes;
  for (const std::size_t k : step.evaluations) {
    seeds.push_back(sources.embeddings(plan.encodes[plan.evaluations[k].encode]));
    hashes.push_back(sha256_of(seeds.back()));
  }
  const Dataset& dataset = sources.remaining(*row.task.dataset);
  const std::string key_json = sweep_key_json(plan, step, dataset, hashes);
  const std::string key = sha256_hex(key_json);
  const StepLock lock(store, key, "sweep " + row.task.name);
  if (options.overwrite != OverwriteStrategy::kAlways) {
    if (auto stored = stored_result<std::vector<SweepPoint>>(store, kArtefact, key)) {
      return {std::move(*stored), true};
    }
  }
  Task task = row.task;
  task.dataset = &dataset;
  for (const Target*& target : task.targets) target = &dataset.target(target->name);
  FitOptions fit;
  fit.solver = plan.solver;
  fit.threads = options.jobs;
  fit.progress = [&](std::size_t done, std::size_t total) { progress.update(done, total); };
  std::vector<SweepPoint> points = sweep(seeds, task, *row.protocol, *step.spec, fit,
                                         derive_seed(plan.seed, "sweep/" + row.task.name));
  store.put_text(kArtefact, key, key_json,
                 fmt::format("{}: sweep of {} under {}: {}", plan.experiment.name, row.task.name,
                             row.protocol->name, plan.encodes[row.encode].label),
                 nlohmann::json(points).dump());
  return {std::move(points), false};
}

std::vector<SweepStep> sweep_steps(const Plan& plan) {
  std::vector<SweepStep> out;
  for (const SweepSpec& spec : plan.experiment.sweeps) {
    for (const std::string& label : spec.encoders) {
      SweepStep step;
      step.spec = &spec;
      for (std::size_t k = 0; k < plan.evaluations.size(); ++k) {
        const EvaluateStep& row = plan.evaluations[k];
        if (row.task.name != spec.task || row.protocol->name != spec.protocol ||
            plan.encodes[row.encode].label != label || !row.refusal.empty() ||
            !plan.encodes[row.encode].refusal.empty()) {
          continue;
        }
        if (row.protocol->outer == OuterKind::kNone) {
          throw ConfigError(fmt::format("[[sweep]]: the protocol '{}' holds nothing out to test on",
                                        spec.protocol));
        }
        step.evaluations.push_back(k);
      }
      if (!step.evaluations.empty()) out.push_back(std::move(step));
    }
  }
  return out;
}

std::vector<SweepPoint> run_sweeps(const Plan& plan, const std::vector<SweepStep>& steps,
                                   const SweepSources& sources, const ArtefactStore& store,
                                   const RunOptions& options, RunProgress& progress) {
  std::vector<SweepPoint> out;
  for (const SweepStep& step : steps) {
    throw_if_stop_requested();
    const EvaluateStep& row = plan.evaluations[step.evaluations.front()];
    const std::string& label = plan.encodes[row.encode].label;
    progress.begin(fmt::format("sweep {} under {}: {}", row.task.name, row.protocol->name, label));
    try {
      auto [points, was_stored] = run_sweep(plan, step, sources, store, options, progress);
      for (SweepPoint& point : points) {
        point.dataset = row.task.dataset->name;
        point.encoder = label;
      }
      out.insert(out.end(), points.begin(), points.end());
      progress.end(fmt::format("{} points{}", points.size(), was_stored ? " (stored)" : ""));
    } catch (const DataError& error) {
      progress.end(std::string("not run: ") + error.what());  // and its row says so, too
    }
  }
  return out;
}

}  // namespace musicrep

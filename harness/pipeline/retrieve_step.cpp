#include "pipeline/retrieve_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>

#include "core/hash.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "pipeline/code_hash.h"
#include "pipeline/stored.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "retrieval";

std::string outcome_of(const Retrieval& row, bool was_stored) {
  if (!row.failure.empty()) return "not run: " + row.failure;
  const auto in_ten =
      std::ranges::count_if(row.music_rank, [](std::int64_t rank) { return rank <= 10; });
  return fmt::format("{} of {} pieces of music among the first 10{}", in_ten, row.n,
                     was_stored ? " (stored)" : "");
}

}  // namespace

void check_retrieval_corpora(const Plan& plan, const RetrieveStep& step) {
  const Dataset& dataset = *step.task.dataset;
  std::set<std::uint32_t> asked;
  for (std::size_t i = 0; i < dataset.splits.size(); ++i) {
    if (dataset.splits[i] == step.task.split) asked.insert(static_cast<std::uint32_t>(i));
  }
  for (const FitStep* fit : trainings_behind(plan, plan.encodes[step.encode])) {
    const Seen seen = seen_in_training(*fit->dataset, dataset, asked);
    if (seen.n_items == 0 && seen.n_groups == 0) continue;
    throw DataError(
        fmt::format("retrieval on data set '{}': {} of the {} items of the split \"{}\" and {} of "
                    "their artists were in the training data '{}' of '{}'; expected none",
                    dataset.name, seen.n_items, asked.size(), step.task.split, seen.n_groups,
                    fit->dataset->name, fit->label));
  }
}

std::string retrieval_key_json(const Plan& plan, const RetrieveStep& step,
                               const std::string& embeddings_sha256) {
  return nlohmann::json({{"step", "retrieve"},
                         {"retrieval_version", kRetrievalVersion},
                         {"code", plan.scoring_code},
                         {"embeddings", embeddings_sha256},
                         {"encoder", plan.encodes[step.encode].space},
                         {"manifest", manifest_of(plan, *step.task.dataset)},
                         {"split", step.task.split},
                         {"centre", step.task.centre},
                         {"n", step.task.n}})
      .dump();
}

Retrieval run_retrieval(const Plan& plan, const RetrieveStep& step, const RetrievalSources& sources,
                        const ArtefactStore& store, const RunOptions& options,
                        RunProgress& progress) {
  const EncodeStep& from = plan.encodes[step.encode];
  Retrieval row;
  bool was_stored = false;
  const auto failed = [&](const std::string& why) {
    row.dataset = step.task.dataset->name;
    row.split = step.task.split;
    row.centring = step.task.centre ? kTrainingMeans : kNoCentring;
    row.failure = why;
  };
  std::string refusal = from.refusal;
  Embeddings music;
  if (refusal.empty()) {
    try {
      music = sources.embeddings(from);  // may be a step of its own
    } catch (const ForeignFailure& failure) {
      refusal = failure.what();
    }
  }
  const std::string name =
      fmt::format("retrieve on {}: {}{}", from.dataset->name, from.label, from.seed_text);
  progress.begin(name);
  if (!refusal.empty()) {
    failed(refusal);
  } else {
    const std::string sha256 = sha256_of(music);
    const std::string key_json = retrieval_key_json(plan, step, sha256);
    const std::string key = sha256_hex(key_json);
    const StepLock lock(store, key, name);
    auto found = options.overwrite == OverwriteStrategy::kAlways
                     ? std::nullopt
                     : stored_result<Retrieval>(store, kArtefact, key);
    was_stored = found.has_value();
    try {
      if (found) {
        row = std::move(*found);
      } else {
        RetrievalTask task = step.task;
        task.dataset = &sources.remaining(*step.task.dataset);
        row = retrieve(task, music, *sources.encoder(from), options.jobs);
        store.put_text(kArtefact, key, key_json,
                       fmt::format("{}: retrieval on {}: {}", plan.experiment.name,
                                   from.dataset->name, from.label),
                       nlohmann::json(row).dump());
      }
    } catch (const DataError& error) {
      failed(error.what());
    }
    row.embeddings_sha256 = sha256;
    row.step_key = key_without_code(key_json);
    row.notes.insert(row.notes.begin(), music.notes.begin(), music.notes.end());
  }
  row.dataset = from.dataset->name;
  row.encoder = from.label;
  row.encoder_kind = from.kind;
  row.encoder_version = from.version;
  progress.end(outcome_of(row, was_stored));
  return row;
}

std::vector<Retrieval> run_retrievals(const Plan& plan, const RetrievalSources& sources,
                                      const ArtefactStore& store, const RunOptions& options,
                                      RunProgress& progress) {
  std::vector<Retrieval> out;
  std::vector<Retrieval> of_seeds;
  for (std::size_t k = 0; k < plan.retrievals.size(); ++k) {
    throw_if_stop_requested();
    const RetrieveStep& step = plan.retrievals[k];
    of_seeds.push_back(run_retrieval(plan, step, sources, store, options, progress));
    if (k + 1 < plan.retrievals.size() && plan.retrievals[k + 1].cell == step.cell) continue;
    out.push_back(merge_retrievals(of_seeds, sources.remaining(*step.task.dataset)));
    of_seeds.clear();
  }
  return out;
}

}  // namespace musicrep

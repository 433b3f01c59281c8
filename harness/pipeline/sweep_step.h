// Sweeps of a run: planned, found in the store or made.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// One encoder of a [[sweep]] table.
struct SweepStep {
  const SweepSpec* spec = nullptr;
  std::vector<std::size_t> evaluations;  ///< places in Plan::evaluations, one a training seed
};

/// Those whose rows are part of the plan and can be run. Throws ConfigError where a protocol holds
/// nothing out, or where its vectors' cell is missing: before any work.
std::vector<SweepStep> sweep_steps(const Plan& plan);

/// What a sweep needs of the run that it is part of.
struct SweepSources {
  /// The vectors of a step's items, and the data set without items that were skipped.
  std::function<Embeddings(const EncodeStep&)> embeddings;
  std::function<const Dataset&(const Dataset&)> remaining;
};

/// The key of a sweep of the items of `dataset` on embeddings with these hashes, one a training
/// seed, and the JSON that it is the hash of.
std::string sweep_key_json(const Plan& plan, const SweepStep& step, const Dataset& dataset,
                           std::span<const std::string> embeddings);

/// The points of one step, and whether they were stored. Throws as its sources do.
std::pair<std::vector<SweepPoint>, bool> run_sweep(const Plan& plan, const SweepStep& step,
                                                   const SweepSources& sources,
                                                   const ArtefactStore& store,
                                                   const RunOptions& options,
                                                   RunProgress& progress);

/// Runs every sweep that `store` does not hold; one whose vectors cannot be had gives no points, as
/// its row has no score. Bits do not depend on options.jobs.
std::vector<SweepPoint> run_sweeps(const Plan& plan, const std::vector<SweepStep>& steps,
                                   const SweepSources& sources, const ArtefactStore& store,
                                   const RunOptions& options, RunProgress& progress);

}  // namespace musicrep

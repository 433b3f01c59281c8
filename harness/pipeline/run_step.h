// Runs one step of a plan and nothing else.
#pragma once

#include <span>
#include <string>

#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "pipeline/step_graph.h"
#include "store/artefacts.h"

namespace musicrep {

/// Runs `step`, one of `graph` (the step_graph() of `plan`) other than the last, unless its output
/// is in `store`; returns what became of it, for people. The output is what run() would make, under
/// the same key. Throws DataError that names every step whose output it takes and that is not in
/// the store. What run() turns into a row with a reason (a foreign encoder that fails, data that a
/// protocol cannot be run on) is told and is no error: a note that it was tried is all it leaves,
/// steps on it need not wait, and run() says the reason again.
std::string run_step(const Plan& plan, std::span<const PlannedStep> graph, const PlannedStep& step,
                     const EncoderRegistry& registry, const ArtefactStore& store,
                     const RunOptions& options, RunProgress& progress);

/// Throws DataError that names the steps of `graph` whose outputs `step` takes, that `store` does
/// not hold, and that were not tried.
void require_inputs(const Plan& plan, std::span<const PlannedStep> graph, const PlannedStep& step,
                    const ArtefactStore& store);

}  // namespace musicrep

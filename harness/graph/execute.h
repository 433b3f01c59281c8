// Runs the steps of a graph: all that are needed, or one.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/step.h"

namespace musicrep {

/// "1000 items, 40 dimensions (stored)", or "not run: " and the reason.
std::string outcome_text(const StepOutcome& outcome);

/// The order in which execute() runs `steps`: each after what it needs, those on one thread side by
/// side with as many others as are ready, every other one alone and as soon as its inputs are
/// there.
std::vector<std::vector<const Step*>> schedule(std::span<const Step* const> steps);

/// Runs every step whose output is not stored and is needed, and asks those that are stored for
/// their outcome. A step that is refused, now or as planned, takes those with it that have it as an
/// input. Throws Error(kInterrupted) when asked to stop, and what a step throws besides refusals:
/// finished steps stay stored.
Outcomes execute(std::span<const std::unique_ptr<Step>> steps, const StepContext& context,
                 Progress& progress);

/// Runs `step` alone, unless its output is stored. Throws DataError that names every step whose
/// output it takes and that is neither stored nor was tried. A refusal is not an error: a note that
/// the step was tried is what it leaves, and a run finds the reason again.
StepOutcome execute_one(const Step& step, const StepContext& context, Progress& progress);

/// Throws DataError that names the needs of `step` that `store` does not hold and that were not
/// tried.
void require_inputs(const Step& step, const ArtefactStore& store);

}  // namespace musicrep

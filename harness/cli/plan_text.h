// The plan of a run as text.
#pragma once

#include <optional>
#include <span>

#include "cli/arguments.h"
#include "graph/estimate.h"
#include "planner/plan.h"
#include "store/results.h"

namespace musicrep::cli {

/// Results of an earlier run that estimates are made from: those that --estimate-from names, or the
/// experiment's committed reference; empty where that is not there. Throws DataError where what
/// --estimate-from names cannot be read.
std::optional<Results> earlier_costs(const po::variables_map& values, const Experiment& experiment);

/// Its costs; none where it is empty.
std::span<const StepCost> costs_of(const std::optional<Results>& earlier);

/// Prints data sets and `steps` with their states, then time, memory and disk of what is to do.
void print_plan(const Plan& plan, std::span<const PlannedStep> steps,
                const std::optional<Results>& earlier, std::size_t jobs);

}  // namespace musicrep::cli

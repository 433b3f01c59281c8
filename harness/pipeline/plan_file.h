// A plan as a file: what engines read, and what `musicrep step` holds the present state of things
// against.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "pipeline/prepare.h"
#include "pipeline/step_graph.h"
#include "pipeline/step_jobs.h"

namespace musicrep {

/// How a plan was asked for, so that each step can prepare the same one.
struct PlanRequest {
  std::vector<std::string> arguments;  ///< of the command line, paths absolute
  std::filesystem::path folder;        ///< the working folder
  std::filesystem::path cache;         ///< the store's folder, absolute
  std::filesystem::path out;           ///< where results go, absolute
};

/// The plan as JSON; experiments/cluster/README.md documents it. The jobs hold what is to do.
nlohmann::json plan_json(const PlanRequest& request, const Plan& plan,
                         std::span<const PlannedStep> steps, std::span<const StepJob> jobs);

/// What plan_json() wrote, as far as a step needs it.
struct PlanFile {
  std::filesystem::path path;
  PlanRequest request;
  Sharding sharding;
  nlohmann::json json;
};

/// Throws DataError with the path and what is wrong: no JSON, no plan, another layout, a part that
/// is missing or of another type.
PlanFile read_plan(const std::filesystem::path& path);

/// Throws DataError with all that differs where `plan`, prepared now, is not of the same code,
/// experiment and data as the file. Processors may differ, and then the last bits of vectors may.
void require_same(const PlanFile& file, const Plan& plan);

/// The key in the file that `key` is, or is the beginning of. Throws ConfigError where there is
/// none, or several.
std::string find_key(const PlanFile& file, const std::string& key);

/// The step of `graph` with that key. Throws DataError where there is none: what it stands on has
/// changed.
const PlannedStep& find_step(const PlanFile& file, std::span<const PlannedStep> graph,
                             const std::string& key);

}  // namespace musicrep

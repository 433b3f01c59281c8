// A plan as a file: what engines read, and what `musicrep step` holds the present state of things
// against.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "graph/estimate.h"
#include "graph/step_jobs.h"

namespace musicrep {

/// How a plan was asked for, so that each step can prepare the same one.
struct PlanRequest {
  std::string experiment;            ///< its name
  std::filesystem::path file;        ///< the experiment file, absolute
  std::vector<std::string> plugins;  ///< shared objects added to the experiment's, absolute
  nlohmann::json options;            ///< how the plan was prepared
  std::filesystem::path folder;      ///< the working folder
  std::filesystem::path out;         ///< where results go, absolute
  std::map<std::string, std::size_t> shard_items;  ///< by the key of the encoding that is cut
};

/// What a plan must agree in with whoever runs a step of it, by name.
struct PlanFacts {
  std::map<std::string, std::string> code;
  std::map<std::string, std::string> data;
};

/// The plan as JSON; experiments/cluster/README.md documents it. The jobs hold what is to do.
nlohmann::json plan_json(const PlanRequest& request, const PlanFacts& facts,
                         std::span<const PlannedStep> steps, std::span<const StepJob> jobs);

/// What plan_json() wrote, as far as a step needs it.
struct PlanFile {
  std::filesystem::path path;
  PlanRequest request;
  nlohmann::json json;
};

/// Throws DataError with the path and what is wrong: no JSON, no plan, another layout, a part that
/// is missing or of another type.
PlanFile read_plan(const std::filesystem::path& path);

/// Throws DataError with all that differs between `now` and the facts of the file.
void require_same(const PlanFile& file, const PlanFacts& now);

/// The key in the file that `key` is, or is the beginning of. Throws ConfigError where there is
/// none, or several.
std::string find_key(const PlanFile& file, const std::string& key);

/// The step among `steps` with that key. Throws DataError where there is none: its inputs
/// have changed.
const Step& find_step(const PlanFile& file, std::span<const std::unique_ptr<Step>> steps,
                      const std::string& key);

}  // namespace musicrep

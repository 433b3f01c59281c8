#include "planner/prepare_options.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace musicrep {

using nlohmann::json;

json options_json(const PrepareOptions& options) {
  // Every member by its place: one that is added and forgotten here does not compile.
  const auto& [data_dir, limit, seed, commands, only, solver, cache, skip_bad, device,
               only_diagnoses, audio_progress] = options;
  static_cast<void>(audio_progress);
  return {{"data", data_dir ? json(std::filesystem::absolute(*data_dir).string()) : json()},
          {"limit", limit},
          {"seed", seed ? json(*seed) : json()},
          {"commands", commands},
          {"only", only},
          {"solver", to_string(solver)},
          {"cache", std::filesystem::absolute(cache).string()},
          {"skip_bad", skip_bad},
          {"device", device},
          {"only_diagnoses", only_diagnoses}};
}

PrepareOptions options_from(const json& from) {
  PrepareOptions out;
  if (const json& data = from.at("data"); !data.is_null()) out.data_dir = data.get<std::string>();
  out.limit = from.at("limit").get<std::size_t>();
  if (const json& seed = from.at("seed"); !seed.is_null()) out.seed = seed.get<std::uint64_t>();
  out.commands = from.at("commands").get<std::vector<std::pair<std::string, std::string>>>();
  out.only = from.at("only").get<std::vector<std::string>>();
  out.solver = from.at("solver") == "own" ? Solver::kOwn : Solver::kLibsvm;
  out.cache = from.at("cache").get<std::string>();
  out.skip_bad = from.at("skip_bad").get<bool>();
  out.device = from.at("device").get<std::string>();
  out.only_diagnoses = from.at("only_diagnoses").get<bool>();
  return out;
}

}  // namespace musicrep

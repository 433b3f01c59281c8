#include "pipeline/plan_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/files.h"
#include "core/program_files.h"
#include "core/utc_time.h"
#include "musicrep/error.h"
#include "pipeline/audio_check.h"
#include "pipeline/provenance.h"

namespace musicrep {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "musicrep-plan";
constexpr int kLayoutVersion = 1;

/// What a step must be run with to give what was planned.
std::map<std::string, std::string> code_facts() {
  std::map<std::string, std::string> out = code_provenance();
  out["program"] = program_sha256();
  // Nodes of a cluster may differ in these.
  for (const char* of_machine : {"cpu", "instruction_set", "blas"}) out.erase(of_machine);
  return out;
}

std::map<std::string, std::string> data_facts(const Plan& plan) {
  std::map<std::string, std::string> out;
  for (const auto& dataset : plan.datasets) {
    const std::string where = fmt::format("data set '{}', ", dataset->name);
    out[where + "items"] = std::to_string(dataset->ids.size());
    out[where + "manifest"] = manifest_of(plan, *dataset);
    const auto audio = plan.audio.find(dataset.get());
    out[where + "audio"] =
        audio != plan.audio.end() ? files_sha256(audio->second) : known_audio_sha256(*dataset);
  }
  out["experiment file"] = plan.experiment.sha256;
  return out;
}

json cost_json(const PlannedStep& step) {
  if (!step.cost) return nullptr;
  return {{"cpu_s", step.cost->cpu_s},
          {"wall_s", step.cost->wall_s},
          {"memory_mib", step.cost->peak_mib},
          {"disk_mib", step.cost->disk_mib}};
}

json step_json(const Plan& plan, const PlannedStep& step) {
  json out = {{"key", step.key},
              {"key_of", step.key_json.empty() ? json() : json::parse(step.key_json)},
              {"what", step.what},
              {"text", step.text},
              {"inputs", step.needs},
              {"outputs", step.outputs},
              {"state", step.state},
              {"estimate", cost_json(step)}};
  if (step.what == kShardStep) out["items"] = {step.items.first, step.items.end};
  if (step.what == kTrainStep) out["device"] = plan.fits[step.place].device;
  return out;
}

void add_differences(const json& then, const std::map<std::string, std::string>& now,
                     Problems& problems) {
  const auto planned = then.get<std::map<std::string, std::string>>();
  std::set<std::string> names;
  for (const auto& [name, value] : planned) names.insert(name);
  for (const auto& [name, value] : now) names.insert(name);
  const auto text = [](const std::map<std::string, std::string>& facts, const std::string& name) {
    const auto at = facts.find(name);
    return at == facts.end() ? "nothing" : "'" + at->second + "'";
  };
  for (const std::string& name : names) {
    const std::string expected = text(planned, name);
    const std::string found = text(now, name);
    if (found == expected) continue;
    problems.add(fmt::format("{}: found {}, the plan has {}", name, found, expected));
  }
}

constexpr const char* kAgain = "make the plan again: musicrep plan";

}  // namespace

json plan_json(const PlanRequest& request, const Plan& plan, std::span<const PlannedStep> steps,
               std::span<const StepJob> jobs) {
  json out = {{"format", kFormat},
              {"version", kLayoutVersion},
              {"experiment", plan.experiment.name},
              // What an engine has done of an older plan it has not done of this one.
              {"made_at", utc_now()},
              {"arguments", request.arguments},
              {"folder", request.folder.string()},
              {"cache", request.cache.string()},
              {"out", request.out.string()},
              {"code", code_facts()},
              {"data", data_facts(plan)},
              {"shard_items", json::object()},
              {"steps", json::array()},
              {"not_run", json::array()},
              {"jobs", json::array()}};
  for (const PlannedStep& step : steps) {
    if (step.refusal.empty()) {
      out["steps"].push_back(step_json(plan, step));
    } else {
      out["not_run"].push_back({{"text", step.what + " " + step.text}, {"reason", step.refusal}});
    }
    if (step.what == kEncodeStep && !step.shards.empty()) {
      out["shard_items"][step.key] = step.shards.front().end;
    }
  }
  for (const StepJob& job : jobs) {
    out["jobs"].push_back({{"name", job.name},
                           {"steps", job.steps},
                           {"needs", job.needs},
                           {"wall_s", job.wall_s},
                           {"memory_mib", job.peak_mib},
                           {"gpus", job.on_gpu ? 1 : 0}});
  }
  return out;
}

PlanFile read_plan(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& what) {
    throw DataError(fmt::format("'{}' is no good plan: {}; {}", path.string(), what, kAgain));
  };
  PlanFile out;
  out.path = path;
  try {
    out.json = json::parse(read_file(path));
    if (!out.json.is_object() || out.json.value("format", "") != kFormat) {
      fail(fmt::format("expected \"format\": \"{}\"", kFormat));
    }
    if (out.json.at("version") != kLayoutVersion) {
      fail(
          fmt::format("found version {}, expected {}", out.json["version"].dump(), kLayoutVersion));
    }
    out.request.arguments = out.json.at("arguments").get<std::vector<std::string>>();
    out.request.folder = out.json.at("folder").get<std::string>();
    out.request.cache = out.json.at("cache").get<std::string>();
    out.request.out = out.json.at("out").get<std::string>();
    out.sharding.of = out.json.at("shard_items").get<std::map<std::string, std::size_t>>();
    for (const char* facts : {"code", "data"}) {
      static_cast<void>(out.json.at(facts).get<std::map<std::string, std::string>>());
    }
    for (const json& step : out.json.at("steps")) {
      for (const char* part : {"key", "what", "text"}) {
        static_cast<void>(step.at(part).get_ref<const std::string&>());
      }
    }
  } catch (const json::exception& error) {
    fail(error.what());
  }
  return out;
}

void require_same(const PlanFile& file, const Plan& plan) {
  Problems problems;
  add_differences(file.json["code"], code_facts(), problems);
  add_differences(file.json["data"], data_facts(plan), problems);
  problems.throw_if_any(
      fmt::format("'{}' was made with other code, another experiment or other "
                  "data; {}:",
                  file.path.string(), kAgain));
}

std::string find_key(const PlanFile& file, const std::string& key) {
  std::vector<std::string> found;
  for (const json& step : file.json["steps"]) {
    const auto& candidate = step["key"].get_ref<const std::string&>();
    if (!key.empty() && candidate.starts_with(key)) found.push_back(candidate);
  }
  if (found.size() == 1) return found.front();
  throw ConfigError(
      fmt::format("step '{}': found {} such steps in '{}', expected one key, or its "
                  "beginning",
                  key, found.size(), file.path.string()));
}

const PlannedStep& find_step(const PlanFile& file, std::span<const PlannedStep> graph,
                             const std::string& key) {
  const auto at = std::ranges::find(graph, key, &PlannedStep::key);
  if (at != graph.end()) return *at;
  const auto& steps = file.json["steps"];
  const auto planned =
      std::ranges::find_if(steps, [&](const json& step) { return step["key"] == key; });
  const auto now = std::ranges::find_if(graph, [&](const PlannedStep& step) {
    return step.what == (*planned)["what"] && step.text == (*planned)["text"];
  });
  throw DataError(fmt::format(
      "step {} ({} {}): what it stands on has changed since '{}' was made ({}); {}", key,
      (*planned)["what"].get<std::string>(), (*planned)["text"].get<std::string>(),
      file.path.string(),
      now == graph.end() ? "there is no such step any more"
                         : fmt::format("its key is {} now: options, weights or frames", now->key),
      kAgain));
}

}  // namespace musicrep

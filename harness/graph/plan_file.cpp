#include "graph/plan_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/files.h"
#include "core/utc_time.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "musicrep-plan";
constexpr int kLayoutVersion = 2;

json cost_json(const PlannedStep& step) {
  if (!step.cost) return nullptr;
  return {{"cpu_s", step.cost->cpu_s},
          {"wall_s", step.cost->wall_s},
          {"memory_mib", step.cost->peak_mib},
          {"disk_mib", step.cost->disk_mib}};
}

json step_json(const PlannedStep& planned) {
  const StepFacts& facts = planned.step->facts();
  json out = {{"key", planned.key},
              {"key_of", facts.key_json.empty() ? json() : json::parse(facts.key_json)},
              {"what", facts.kind},
              {"text", facts.text},
              {"inputs", planned.needs},
              {"outputs", facts.outputs},
              {"state", planned.state},
              {"estimate", cost_json(planned)}};
  out.update(planned.step->details());
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

constexpr const char* kAgain = "create it again with `musicrep plan`";

}  // namespace

json plan_json(const PlanRequest& request, const PlanFacts& facts,
               std::span<const PlannedStep> steps, std::span<const StepJob> jobs) {
  json out = {{"format", kFormat},
              {"version", kLayoutVersion},
              {"experiment", request.experiment},
              // What an engine has done of an older plan it has not done of this one.
              {"made_at", utc_now()},
              {"file", request.file.string()},
              {"plugins", request.plugins},
              {"options", request.options},
              {"folder", request.folder.string()},
              {"cache", request.options.at("cache")},
              {"out", request.out.string()},
              {"code", facts.code},
              {"data", facts.data},
              {"shard_items", request.shard_items},
              {"steps", json::array()},
              {"not_run", json::array()},
              {"jobs", json::array()}};
  for (const PlannedStep& planned : steps) {
    const StepFacts& of = planned.step->facts();
    if (of.refusal.empty()) {
      out["steps"].push_back(step_json(planned));
    } else {
      out["not_run"].push_back({{"text", of.kind + " " + of.text}, {"reason", of.refusal}});
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
    throw DataError(fmt::format("'{}' is not a valid plan: {}; {}", path.string(), what, kAgain));
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
    out.request.experiment = out.json.at("experiment").get<std::string>();
    out.request.file = out.json.at("file").get<std::string>();
    out.request.plugins = out.json.at("plugins").get<std::vector<std::string>>();
    out.request.options = out.json.at("options");
    out.request.folder = out.json.at("folder").get<std::string>();
    static_cast<void>(out.json.at("cache").get_ref<const std::string&>());
    out.request.out = out.json.at("out").get<std::string>();
    out.request.shard_items = out.json.at("shard_items").get<std::map<std::string, std::size_t>>();
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

void require_same(const PlanFile& file, const PlanFacts& now) {
  Problems problems;
  add_differences(file.json["code"], now.code, problems);
  add_differences(file.json["data"], now.data, problems);
  problems.throw_if_any(
      fmt::format("'{}' was written by other code, or for another experiment or other data; {}:",
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
      fmt::format("step '{}': found {} matching steps in '{}', expected one key, or its beginning",
                  key, found.size(), file.path.string()));
}

const Step& find_step(const PlanFile& file, std::span<const std::unique_ptr<Step>> steps,
                      const std::string& key) {
  const auto has = [](const Step& step, const auto& wanted) {
    return step.facts().refusal.empty() && wanted(step.facts());
  };
  for (const auto& step : steps) {
    if (has(*step, [&](const StepFacts& facts) { return facts.key == key; })) return *step;
  }
  const auto& listed = file.json["steps"];
  const auto planned =
      std::ranges::find_if(listed, [&](const json& step) { return step["key"] == key; });
  const auto kind = (*planned)["what"].get<std::string>();
  const auto text = (*planned)["text"].get<std::string>();
  const auto now = std::ranges::find_if(steps, [&](const auto& step) {
    return has(*step,
               [&](const StepFacts& facts) { return facts.kind == kind && facts.text == text; });
  });
  throw DataError(fmt::format(
      "step {} ({} {}): its inputs have changed since '{}' was written ({}); {}", key, kind, text,
      file.path.string(),
      now == steps.end()
          ? "the step no longer exists"
          : fmt::format("its key is {} now: options, weights or frames", (*now)->facts().key),
      kAgain));
}

}  // namespace musicrep

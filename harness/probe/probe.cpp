#include "probe/probe.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/did_you_mean.h"
#include "musicrep/error.h"
#include "probe/all_probes.h"

namespace musicrep {

std::vector<FitJob> all_jobs(std::size_t n_splits, std::size_t n_configs) {
  std::vector<FitJob> jobs;
  jobs.reserve(n_splits * n_configs);
  for (std::size_t s = 0; s < n_splits; ++s) {
    for (std::size_t c = 0; c < n_configs; ++c) jobs.push_back({s, c});
  }
  return jobs;
}

std::vector<TagUnit> tag_units(const TagProblem& problem) {
  std::map<std::pair<std::size_t, bool>, TagUnit> units;
  for (std::size_t j = 0; j < problem.jobs.size(); ++j) {
    const bool standardise = problem.configs[problem.jobs[j].config].standardise;
    TagUnit& unit = units[{problem.jobs[j].split, standardise}];
    unit.split = problem.jobs[j].split;
    unit.standardise = standardise;
    unit.jobs.push_back(j);
  }
  std::vector<TagUnit> out;
  for (auto& [key, unit] : units) out.push_back(std::move(unit));
  return out;
}

std::string to_string(Solver solver) { return solver == Solver::kOwn ? "own" : "libsvm"; }

std::vector<std::string> probe_names() {
  std::vector<std::string> out;
  for (const Probe* probe : all_probes()) out.emplace_back(probe->name);
  std::ranges::sort(out);
  return out;
}

const Probe& find_probe(std::string_view name) {
  for (const Probe* probe : all_probes()) {
    if (probe->name == name) return *probe;
  }
  throw ConfigError(unknown_name("probe", std::string(name), probe_names()));
}

}  // namespace musicrep

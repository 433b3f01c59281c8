#include "cli/plan_text.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/result_files.h"
#include "cli/terminal.h"
#include "graph/estimate.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

std::string fact(const std::map<std::string, std::string>& facts, const char* key) {
  const auto at = facts.find(key);
  return at == facts.end() ? "unknown" : at->second;
}

void print_estimate(std::span<const PlannedStep> steps, const Plan& plan,
                    const std::optional<Results>& earlier, std::size_t jobs) {
  const PlanCost cost = cost_of(steps, jobs);
  fmt::print("\n{} of {} steps to do\n", cost.n_to_do, steps.size());
  if (cost.n_to_do == 0) return;
  if (!earlier || earlier->costs.empty()) {
    fmt::print(
        "no estimate: no earlier run of {} with measured costs was found; name one with --estimate-from RUN\n",
        plan.experiment.name);
    return;
  }
  if (cost.n_unknown < cost.n_to_do) {
    fmt::print(
        "about {} on {} threads ({} of processor time), {:.0f} MiB of memory (not of trainings), {:.0f} MiB of disk",
        duration_text(cost.wall_s), jobs, duration_text(cost.cpu_s), cost.peak_mib, cost.disk_mib);
    fmt::print("\nestimated from an earlier run on: {}\n", fact(earlier->provenance, "cpu"));
  }
  if (cost.n_unknown > 0) {
    fmt::print("{} steps are not in the estimate: that run did not measure them\n", cost.n_unknown);
  }
}

}  // namespace

std::optional<Results> earlier_costs(const po::variables_map& values,
                                     const Experiment& experiment) {
  if (values.contains("estimate-from")) {
    return read_results(results_file(values["estimate-from"].as<std::string>()));
  }
  const std::filesystem::path reference =
      std::filesystem::path(MUSICREP_EXPERIMENT_DIR).parent_path() / "results" / "reference" /
      experiment.name / "results.h5";
  if (!std::filesystem::exists(reference)) return std::nullopt;
  try {
    return read_results(reference);
  } catch (const DataError&) {
    return std::nullopt;  // of another schema: no ground for an estimate, and no reason to stop
  }
}

std::span<const StepCost> costs_of(const std::optional<Results>& earlier) {
  return earlier ? std::span<const StepCost>(earlier->costs) : std::span<const StepCost>();
}

void print_plan(const Plan& plan, std::span<const PlannedStep> steps,
                const std::optional<Results>& earlier, std::size_t jobs) {
  fmt::print("{}: {}\n\n", plan.experiment.name, plan.experiment.title);
  for (const auto& dataset : plan.datasets) {
    const Dataset& data = *dataset->data;
    fmt::print("{:<11} {:<24} {} items\n", "data", data.name, data.ids.size());
    for (const SkippedItem& item : dataset->skipped) {
      fmt::print("              skipped '{}': {}\n", item.id, item.reason);
    }
    for (const std::string& note : data.notes) fmt::print("              {}\n", note);
  }
  for (const PlannedStep& planned : steps) {
    fmt::print("{:<11} {}: {}{}\n", planned.step->facts().kind, planned.step->facts().text,
               planned.state, planned.cost ? ", about " + duration_text(planned.cost->cpu_s) : "");
  }
  print_estimate(steps, plan, earlier, jobs);
}

}  // namespace musicrep::cli

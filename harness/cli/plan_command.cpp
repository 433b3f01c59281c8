#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plan_text.h"
#include "cli/plugins.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "pipeline/estimate.h"
#include "pipeline/plan_file.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

/// Shards of so many seconds are long beside what starting them costs, and short enough to do
/// again.
constexpr double kShardSeconds = 300;

std::string text_of(const nlohmann::json& plan) {
  return plan.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

int plan_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "plan";
  line.usage = "plan EXPERIMENT [options]";
  line.summary =
      "The steps of a run as a graph: keys, what each takes and leaves in the store, what is "
      "stored,"
      "\n"
      "and what the rest will cost. `musicrep step` runs one; experiments/cluster hands them to\n"
      "Snakemake. Audio is decoded once while the plan is made, as before a run.";
  line.examples =
      "  musicrep plan table1\n"
      "  musicrep plan table1 --cache /shared/cache --out /shared/table1 --plan plan.json\n"
      "  musicrep plan table1 --shard-items 500 --format json\n";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const bool as_json = choice(values, "format", {"text", "json"}) == 1;
  const double job_s = values["job-seconds"].as<double>();
  const RunOptions run_with = run_options(values);
  const PrepareOptions prepare_with = run_prepare_options(values);
  const fs::path file = experiment_file(line, values);
  const Plan plan = prepare(file, with_plugins(registry, values, file), prepare_with);
  const std::optional<Results> earlier = earlier_costs(values, plan.experiment);
  const bool cut_as_told = values.contains("shard-items");
  const std::vector<PlannedStep> steps =
      planned_steps(plan, ArtefactStore(prepare_with.cache), costs_of(earlier),
                    {.n_items = cut_as_told ? values["shard-items"].as<std::size_t>() : 0},
                    cut_as_told ? 0 : kShardSeconds);
  const std::vector<StepJob> jobs = group_steps(plan, steps, job_s);
  if (as_json || values.contains("plan")) {
    const PlanRequest request{portable_arguments(values, file), fs::current_path(),
                              fs::absolute(prepare_with.cache),
                              fs::absolute(results_folder(values, plan))};
    const std::string text = text_of(plan_json(request, plan, steps, jobs));
    if (values.contains("plan")) {
      write_text_atomically(values["plan"].as<std::string>(), text);
    }
    if (as_json) fmt::print("{}", text);
  }
  if (!as_json) {
    print_plan(plan, steps, earlier, run_with.jobs);
    fmt::print("{} jobs\n", jobs.size());
  }
  return kOk;
}

}  // namespace musicrep::cli

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
#include "graph/estimate.h"
#include "graph/plan_file.h"
#include "musicrep/error.h"
#include "planner/plan_facts.h"
#include "planner/prepare_options.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

/// Shards of so many seconds are long compared with what starting them costs, and short enough to
/// do again.
constexpr double kShardSeconds = 300;

std::string text_of(const nlohmann::json& plan) {
  return plan.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "plan";
  line.usage = "plan EXPERIMENT [options]";
  line.summary =
      "Shows the steps of a run as a graph: keys, inputs and outputs, which are finished, and an\n"
      "estimate of the cost of the rest. `musicrep step` runs one; experiments/cluster submits them\n"
      "with Snakemake. Audio is decoded once while the plan is made, as before a run.";
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
  PreparedExperiment prepared =
      prepare_experiment(file, registry, plugin_files(values), prepare_with);
  Plan& plan = prepared.plan;
  const std::optional<Results> earlier = earlier_costs(values, plan.experiment);
  Sharding sharding = values.contains("shard-items")
                          ? shards_of_items(plan, values["shard-items"].as<std::size_t>())
                          : shards_of_seconds(plan, costs_of(earlier), kShardSeconds);
  cut_encodings(plan, sharding);
  plan.steps.push_back(assemble_step(plan));
  const std::vector<PlannedStep> steps =
      planned_steps(plan.steps, ArtefactStore(prepare_with.cache), costs_of(earlier));
  const std::vector<StepJob> jobs = group_steps(steps, job_s);
  if (as_json || values.contains("plan")) {
    PlanRequest request;
    request.experiment = plan.experiment.name;
    request.file = fs::absolute(file);
    for (const fs::path& plugin : plugin_files(values)) {
      request.plugins.push_back(fs::absolute(plugin).string());
    }
    request.options = options_json(prepare_with);
    request.folder = fs::current_path();
    request.out = fs::absolute(results_folder(values, plan));
    request.shard_items = sharding;
    const std::string text = text_of(plan_json(request, facts_of(plan), steps, jobs));
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

}  // namespace

extern const Command plan_command = {
    .place = 20,
    .name = "plan",
    .summary = "show the steps of a run, and their cost; for clusters",
    .run = command_main};

}  // namespace musicrep::cli

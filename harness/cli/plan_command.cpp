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
/// Jobs shorter than this are not worth a cluster's while.
constexpr double kJobSeconds = 60;

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
  line.options.add_options()("format", po::value<std::string>()->default_value("text"),
                             "text or json, on standard output")(
      "plan", po::value<std::string>(), "file for the plan as JSON, beside what is printed")(
      "shard-items", po::value<std::size_t>(),
      "cut encodings into shards of so many items, 0: not at all (default: by their estimates, "
      "some\nminutes each)")("job-seconds", po::value<double>()->default_value(kJobSeconds),
                             "put steps that are shorter into jobs of at least so long; 0: one a "
                             "job")("out", po::value<std::string>(),
                                    "folder for the results (default: results/runs/NAME)")(
      "estimate-from", po::value<std::string>(),
      "results whose costs the plan is judged by (default: results/reference/NAME)");
  add_experiment_options(line);
  add_run_options(line);
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const bool as_json = choice(values, "format", {"text", "json"}) == 1;
  const double job_s = values["job-seconds"].as<double>();
  if (!(job_s >= 0))
    throw ConfigError(fmt::format("--job-seconds: found {}, expected 0 or more", job_s));
  const RunOptions run_with = run_options(values);
  if (run_with.overwrite != OverwriteStrategy::kOnlyMissing) {
    throw ConfigError(
        "--overwrite-strategy: a plan runs what is not stored, expected only-missing");
  }
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

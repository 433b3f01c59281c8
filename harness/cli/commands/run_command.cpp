#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plan_text.h"
#include "cli/plugins.h"
#include "cli/result_files.h"
#include "cli/terminal.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "graph/estimate.h"
#include "musicrep/error.h"
#include "planner/prepare.h"
#include "planner/run.h"
#include "store/results.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "run";
  line.usage = "run EXPERIMENT [options]";
  line.summary =
      "Runs an experiment, given by name or as a .toml file: encodes its items, evaluates the\n"
      "embeddings, and writes results.h5, report.md and table.csv. Finished steps are kept in the\n"
      "cache and are not run again.";
  line.examples =
      "  musicrep run choi2017 --data ~/data --jobs 2\n"
      "  musicrep run choi2017 --data ~/data --only tlm --limit 100\n"
      "  musicrep run table1 --exec 'mine=python3 mine.py {in} {out}'\n"
      "  musicrep run my.toml --out results/runs/mine --dry-run\n";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (values.contains("estimate-from") && !values.contains("dry-run")) {
    throw ConfigError("--estimate-from needs --dry-run: a run itself makes no estimate");
  }
  const PrepareOptions prepare_with = run_prepare_options(values);
  const RunOptions run_with = run_options(values);
  const fs::path file = experiment_file(line, values);
  const PreparedExperiment prepared =
      prepare_experiment(file, registry, plugin_files(values), prepare_with);
  const auto& [encoders, plan] = prepared;
  const ArtefactStore store(prepare_with.cache);
  if (values.contains("dry-run")) {
    const std::optional<Results> earlier = earlier_costs(values, plan.experiment);
    print_plan(plan, planned_steps(plan.steps, store, costs_of(earlier)), earlier, run_with.jobs);
    return kOk;
  }
  const fs::path out = results_folder(values, plan);
  if (run_with.overwrite == OverwriteStrategy::kNever && fs::exists(out / "results.h5")) {
    throw ConfigError(fmt::format("'{}' exists already and --overwrite-strategy is never",
                                  (out / "results.h5").string()));
  }
  require_writable_folder(out);
  require_writable_folder(store.root());
  if (!values.contains("out")) claim_results_folder(out, file);
  open_log(line, arguments, values, out / "run.log");
  for (const fs::path& folder : {out, store.root()}) remove_temporaries_of_the_dead(folder);

  Results results;
  {
    TerminalProgress progress(values.contains("quiet"));
    results = run(
        plan, {store, encoders, run_with.jobs, run_with.overwrite == OverwriteStrategy::kAlways},
        progress);
  }
  return write_run(results, prepared, out, values["embed-audio"].as<std::size_t>());
}

}  // namespace

extern const Command run_command = {.place = 10,
                                    .name = "run",
                                    .summary = "run an experiment: encode, evaluate, report",
                                    .run = command_main};

}  // namespace musicrep::cli

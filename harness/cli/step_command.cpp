#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plugins.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "pipeline/plan_file.h"
#include "pipeline/run_step.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

/// What the plan was told, told again.
struct Prepared {
  EncoderRegistry encoders;
  PrepareOptions options;
  Plan plan;
};

Prepared prepare_again(const PlanFile& file, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "plan";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, file.request.arguments, values)) {
    throw DataError(
        fmt::format("'{}' is no good plan: its arguments ask for help", file.path.string()));
  }
  const fs::path experiment = experiment_file(line, values);
  // Commands of --exec run in the folder that the plan was made in.
  if (values.contains("exec")) fs::current_path(file.request.folder);
  EncoderRegistry encoders = with_plugins(registry, values, experiment);
  PrepareOptions options = run_prepare_options(values);
  Plan plan = prepare(experiment, encoders, options);
  return {std::move(encoders), std::move(options), std::move(plan)};
}

}  // namespace

int step_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "step";
  line.usage = "step KEY... --plan FILE [options]";
  line.summary =
      "Runs one step of a plan that `musicrep plan` wrote (or several, one after the other), and\n"
      "prints a line for each. What it takes must be stored; what it makes is stored whole or not\n"
      "at all, and a step that is stored already is not run again. The last step writes results\n"
      "and report. A plan of other code, another experiment or other data is refused.";
  line.examples = "  musicrep step 3f9a0c --plan plan.json\n";
  line.positional = {"key"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("key") || !values.contains("plan")) {
    throw ConfigError("'musicrep step' takes keys and --plan FILE; see: musicrep step --help");
  }
  // --exec may change the working folder.
  const PlanFile file = read_plan(fs::absolute(values["plan"].as<std::string>()));
  std::vector<std::string> keys;
  for (const auto& key : values["key"].as<std::vector<std::string>>()) {
    keys.push_back(find_key(file, key));
  }
  const Prepared now = prepare_again(file, registry);
  require_same(file, now.plan);
  const std::vector<PlannedStep> graph = step_graph(now.plan, file.sharding);
  const ArtefactStore store(now.options.cache);
  require_writable_folder(store.root());
  RunOptions run_with;
  run_with.jobs = values["jobs"].as<std::size_t>();
  TerminalProgress progress(true);
  for (const std::string& key : keys) {
    throw_if_stop_requested();
    const PlannedStep& step = find_step(file, graph, key);
    if (step.what == kAssembleStep) {
      require_inputs(now.plan, graph, step, store);
      require_writable_folder(file.request.out);
      return write_run(run(now.plan, now.encoders, store, run_with, progress), file.request.out);
    }
    const std::string outcome =
        run_step(now.plan, graph, step, now.encoders, store, run_with, progress);
    fmt::print("{} {} {}: {}\n", key.substr(0, 12), step.what, step.text, outcome);
  }
  return kOk;
}

}  // namespace musicrep::cli

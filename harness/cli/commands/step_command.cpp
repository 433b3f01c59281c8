#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/stop.h"
#include "graph/execute.h"
#include "graph/plan_file.h"
#include "musicrep/error.h"
#include "planner/plan_facts.h"
#include "planner/prepare_options.h"
#include "planner/run.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "step";
  line.usage = "step KEY... --plan FILE [options]";
  line.summary =
      "Runs one or more steps of a plan that `musicrep plan` wrote, in this order, and prints a line\n"
      "for each. The inputs of a step must be in the cache. Its output is stored whole or not at all,\n"
      "and a finished step is not run again. The last step writes results and report. A plan of\n"
      "other code, another experiment or other data is refused.";
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
  // Commands of --exec run in the folder that the plan was made in.
  const PrepareOptions options = options_from(file.request.options);
  if (!options.commands.empty()) fs::current_path(file.request.folder);
  PreparedExperiment now =
      prepare_experiment(file.request.file, registry,
                         {file.request.plugins.begin(), file.request.plugins.end()}, options);
  require_same(file, facts_of(now.plan));
  Sharding sharding = file.request.shard_items;
  cut_encodings(now.plan, sharding);
  now.plan.steps.push_back(assemble_step(now.plan));
  const ArtefactStore store(options.cache);
  require_writable_folder(store.root());
  const StepContext context{store, now.encoders, values["jobs"].as<std::size_t>()};
  TerminalProgress progress(true);
  for (const std::string& key : keys) {
    throw_if_stop_requested();
    const Step& step = find_step(file, now.plan.steps, key);
    if (step.facts().kind == kAssembleStep) {
      require_inputs(step, store);
      require_writable_folder(file.request.out);
      now.plan.steps.pop_back();
      return write_run(run(now.plan, context, progress), now, file.request.out);
    }
    const StepOutcome outcome = execute_one(step, context, progress);
    fmt::print("{} {} {}: {}\n", key.substr(0, 12), step.facts().kind, step.facts().text,
               outcome_text(outcome));
  }
  return kOk;
}

}  // namespace

extern const Command step_command = {
    .place = 30, .name = "step", .summary = "run one step of a plan", .run = command_main};

}  // namespace musicrep::cli

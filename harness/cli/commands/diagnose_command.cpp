#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plugins.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "diagnose/measures.h"
#include "musicrep/error.h"
#include "planner/run.h"
#include "report/csv.h"
#include "report/variability.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

namespace {

/// The columns, numbered, as the legend under them has it.
void print_table(const VariabilityTable& table, bool of_attention) {
  const auto infos = measure_infos();
  std::size_t widest = 0;
  std::size_t longest = 0;
  for (const LayerLine& line : table.lines) {
    widest = std::max(widest, line.encoder.size());
    longest = std::max(longest, line.layer.size());
  }
  std::string text = fmt::format("  {:<{}}  {:<{}}", "", widest, "", longest);
  std::size_t number = 0;
  for (const MeasureInfo& info : infos) {
    if (info.of_attention == of_attention)
      text += fmt::format("{:>8}", fmt::format("({})", ++number));
  }
  text += "\n";
  std::size_t n_lines = 0;
  for (const LayerLine& line : table.lines) {
    std::string cells;
    bool any = false;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (infos[i].of_attention != of_attention) continue;
      const Diagnosis* each = line.measures[i];
      any = any || each != nullptr;
      cells += each == nullptr ? fmt::format("{:>8}", "-") : fmt::format("{:>8.3f}", each->value);
    }
    if (!any) continue;
    text += fmt::format("  {:<{}}  {:<{}}{}\n", line.encoder, widest, line.layer, longest, cells);
    ++n_lines;
  }
  if (n_lines == 0) return;
  fmt::print("{}\n", text);
  number = 0;
  for (const MeasureInfo& info : infos) {
    if (info.of_attention == of_attention) {
      fmt::print("  ({}) {}: {}\n", ++number, info.heading, info.meaning);
    }
  }
  fmt::print("\n");
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "diagnose";
  line.usage = "diagnose EXPERIMENT [options]";
  line.summary =
      "Measures how much the frames of a clip differ after each layer of an encoder, and which frames\n"
      "its attention weighs. Runs what the [[diagnose]] tables of an experiment need, trainings\n"
      "included, and prints the measures. Finished steps are kept in the cache and not run again.";
  line.examples =
      "  musicrep diagnose audioset-music --data ~/data\n"
      "  musicrep diagnose audioset-music --data ~/data --only vggish_frames --out diagnosis.csv\n";
  line.positional = {"experiment"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values["log-level"].defaulted() && !values.contains("log")) {
    throw ConfigError("--log-level needs --log FILE");
  }
  PrepareOptions prepare_with = prepare_options(values);
  prepare_with.only_diagnoses = true;
  const RunOptions run_with = run_options(values);
  const std::string out = values.contains("out") ? values["out"].as<std::string>() : "";
  if (run_with.overwrite == OverwriteStrategy::kNever && fs::exists(out)) {
    throw ConfigError(fmt::format("'{}' exists already and --overwrite-strategy is never", out));
  }
  const std::filesystem::path file = experiment_file(line, values);
  const auto [encoders, plan] =
      prepare_experiment(file, registry, plugin_files(values), prepare_with);
  if (plan.diagnoses.empty()) {
    throw ConfigError(fmt::format(
        "'{}': there is nothing to diagnose: {}", plan.experiment.file.string(),
        plan.experiment.diagnoses.empty() ? "expected a [[diagnose]] table"
                                          : "--only selects none of its [[diagnose]] tables"));
  }
  const ArtefactStore store(prepare_with.cache);
  require_writable_folder(store.root());
  open_log(line, arguments, values, {});
  Results results;
  {
    TerminalProgress progress(values.contains("quiet"));
    results = run(
        plan, {store, encoders, run_with.jobs, run_with.overwrite == OverwriteStrategy::kAlways},
        progress);
  }
  for (const VariabilityTable& table : variability_tables(results)) {
    fmt::print("\n{}: {} clips; {} of them without a second frame\n\n", table.dataset,
               table.n_clips, table.n_short);
    print_table(table, false);
    print_table(table, true);
  }
  if (!out.empty()) write_text_atomically(out, csv_diagnoses(results));
  return kOk;
}

}  // namespace

extern const Command diagnose_command = {
    .place = 40,
    .name = "diagnose",
    .summary = "measure how much frames vary over time, per layer",
    .run = command_main};

}  // namespace musicrep::cli

#include <fmt/format.h>

#include "check/check.h"
#include "check/reference.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep::cli {

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "check";
  line.usage = "check RUN --against REFERENCE [options]";
  line.summary =
      "A run against a reference, layer by layer: provenance (data, protocols, versions, seeds),\n"
      "fingerprints (each encoder's vectors of fixed signals), scores (each within its "
      "tolerance).\n"
      "The first line says which layer caught what. Exit codes: 0 all the same; 1 a score or an\n"
      "encoder moved; 5 none moved, but something could not be compared or measured; 2 usage; 3\n"
      "data. Without tolerances.toml beside the reference they are derived from it.";
  line.examples =
      "  musicrep check results/runs/smoke --against results/reference/smoke\n"
      "  musicrep check results/runs/smoke --against results/reference/smoke --exact --junit "
      "check.xml\n";
  line.positional = {"run"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("run") || values["run"].as<std::vector<std::string>>().size() != 1 ||
      !values.contains("against")) {
    throw ConfigError("'musicrep check' takes one run, and --against a reference");
  }
  const Results run =
      read_results(results_file(values["run"].as<std::vector<std::string>>().front()));
  const Reference reference = read_reference(results_file(values["against"].as<std::string>()));
  const CheckReport report =
      check(run, reference.results, reference.tolerances, values.contains("exact"));
  if (values.contains("junit")) {
    write_text_atomically(values["junit"].as<std::string>(), check_junit(report));
  }
  fmt::print("{}", check_text(report));
  if (report.moved()) return kScoreMoved;
  return report.incomplete() ? kSomeRowsFailed : kOk;
}

}  // namespace

extern const Command check_command;
const Command check_command = {.place = 110,
                               .name = "check",
                               .summary = "a run against a reference, for CI",
                               .run = command_main};

}  // namespace musicrep::cli

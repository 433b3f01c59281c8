#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "check/check.h"
#include "check/reference.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "core/hash.h"
#include "musicrep/error.h"

namespace musicrep::cli {

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "check";
  line.usage = "check RUN --against REFERENCE [options]";
  line.summary =
      "Compares a run with a reference, layer by layer: consistency (does each part follow from the\n"
      "predictions?), provenance (data, protocols, versions, seeds), fingerprints (each encoder's\n"
      "vectors of fixed signals), scores (each within its tolerance), statements (sweeps, measures,\n"
      "letters, verdicts). The first line says which layer found what. Exit codes: 0 no change;\n"
      "1 a change, or an inconsistent run; 5 no change, but something could not be\n"
      "compared or measured; 2 usage; 3 data. Without tolerances.toml next to the reference\n"
      "tolerances are derived from it.";
  line.examples =
      "  musicrep check results/runs/smoke --against results/reference/smoke\n"
      "  musicrep check results/runs/smoke --against results/reference/smoke --exact --junit check.xml\n"
      "  musicrep check results/runs/mine --against reference --allow-new-files mine\n";
  line.positional = {"run"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("run") || values["run"].as<std::vector<std::string>>().size() != 1 ||
      !values.contains("against")) {
    throw ConfigError("'musicrep check' takes one run, and --against a reference");
  }
  const std::filesystem::path run_file =
      results_file(values["run"].as<std::vector<std::string>>().front());
  const std::filesystem::path reference_file = results_file(values["against"].as<std::string>());
  Reference reference = read_reference(reference_file);
  reference.tolerances.allow_new_files(values_of(values, "allow-new-files"));
  // Two copies of one file are read once.
  std::optional<Results> own;
  if (sha256_of_file(run_file) != sha256_of_file(reference_file)) own = read_results(run_file);
  const CheckReport report = check(own ? *own : reference.results, reference.results,
                                   reference.tolerances, values.contains("exact"));
  if (values.contains("junit")) {
    write_text_atomically(values["junit"].as<std::string>(), check_junit(report));
  }
  fmt::print("{}", check_text(report));
  if (report.moved()) return kScoreMoved;
  return report.incomplete() ? kSomeRowsFailed : kOk;
}

}  // namespace

extern const Command check_command = {.place = 110,
                                      .name = "check",
                                      .summary = "compare a run with a reference, for CI",
                                      .run = command_main};

}  // namespace musicrep::cli

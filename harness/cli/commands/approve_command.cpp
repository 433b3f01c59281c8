#include <fmt/format.h>

#include <algorithm>

#include "check/approve.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep::cli {

namespace {

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "approve";
  line.usage = "approve RUN --as REFERENCE [--allow-new-files LABEL]...";
  line.summary =
      "Makes a run the reference for later checks: writes its results.h5, its reports and\n"
      "tolerances.toml, and replaces what the folder held. Refuses with exit code 1 if a score or an\n"
      "encoder changed although every version and hash that it declares is the same.";
  line.examples = "  musicrep approve results/runs/smoke --as results/reference/smoke\n";
  line.positional = {"run"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("run") || values["run"].as<std::vector<std::string>>().size() != 1 ||
      !values.contains("as")) {
    throw ConfigError("'musicrep approve' takes one run, and --as the folder of a reference");
  }
  const std::filesystem::path file =
      results_file(values["run"].as<std::vector<std::string>>().front());
  const std::filesystem::path folder = values["as"].as<std::string>();
  const Results run = read_results(file);
  std::optional<Reference> reference;
  if (std::filesystem::exists(folder / "results.h5")) {
    reference = read_reference(folder / "results.h5");
  } else if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder)) {
    throw ConfigError(fmt::format(
        "--as: '{}' holds files, but no results.h5; expected a reference or an empty folder",
        folder.string()));
  }
  Problems problems;
  for (const std::string& problem : approval_problems(run, reference)) problems.add(problem);
  if (!problems.empty()) {
    fmt::print(stderr, "{}\n",
               problems.text(fmt::format("musicrep: '{}' is not approved:", file.string())));
    return kScoreMoved;
  }
  Tolerances tolerances = derive_tolerances(run);
  if (reference) {
    // As long as the run has them.
    for (const std::string& label : reference->tolerances.new_files) {
      const auto is_of = [&](const Tolerance& row) { return row.encoder == label; };
      if (std::ranges::any_of(tolerances.rows, is_of)) tolerances.new_files.push_back(label);
    }
  }
  tolerances.allow_new_files(values_of(values, "allow-new-files"));
  write_folder_atomically(folder, [&](const std::filesystem::path& fresh) {
    write_results(run, fresh / "results.h5");
    write_reports(run, registry, {}, fresh);
    write_text_atomically(fresh / kTolerancesFile, tolerances_toml(tolerances));
  });
  fmt::print("{} is the run of {} now\n", folder.string(), run.experiment);
  return kOk;
}

}  // namespace

extern const Command approve_command = {.place = 120,
                                        .name = "approve",
                                        .summary = "make a run the reference for later checks",
                                        .run = command_main};

}  // namespace musicrep::cli

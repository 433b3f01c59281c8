// The commands of the program. Each takes its arguments (without the program's and the command's
// name) and returns an exit code, or throws what main() turns into one.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "musicrep/registry.h"
#include "store/results.h"

namespace musicrep::cli {

struct PreparedExperiment;  // cli/experiment_arguments.h

enum ExitCode : int {
  kOk = 0,
  kScoreMoved = 1,
  kUsageMistake = 2,
  kDataMistake = 3,
  kInternalError = 4,
  kSomeRowsFailed = 5,
};

using Arguments = std::vector<std::string>;

/// One command. One object each, in a file of its own, commands/*_command.cpp: that is all there is
/// to add one.
struct Command {
  int place = 0;  ///< in --help
  std::string name;
  std::string summary;
  int (*run)(const Arguments&, const EncoderRegistry&) = nullptr;
};

/// In no order.
const std::vector<const Command*>& all_commands();

/// An experiment file by path, or by name from ./experiments or the project's own.
std::filesystem::path find_experiment(const std::string& name_or_path);
/// Experiment files that can be found by name.
std::vector<std::filesystem::path> experiment_files();

/// Writes results and reports of a run of `plan` whole to the folder `out`, and prints a summary;
/// the exit code of the run. report.html holds the audio of `n_embedded` clips of each data set.
int write_run(const Results& results, const PreparedExperiment& prepared,
              const std::filesystem::path& out, std::size_t n_embedded = 0);

/// Where finished steps are stored by default: $MUSICREP_CACHE, or musicrep in the user's cache.
std::filesystem::path default_cache();

}  // namespace musicrep::cli

// The commands of the program. Each takes its arguments (without the program's and the command's
// name) and returns an exit code, or throws what main() turns into one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "musicrep/registry.h"
#include "store/results.h"

namespace musicrep::cli {

enum ExitCode : int {
  kOk = 0,
  kScoreMoved = 1,
  kUsageMistake = 2,
  kDataMistake = 3,
  kInternalError = 4,
  kSomeRowsFailed = 5,
};

using Arguments = std::vector<std::string>;

int run_command(const Arguments& arguments, const EncoderRegistry& registry);
int plan_command(const Arguments& arguments, const EncoderRegistry& registry);
int step_command(const Arguments& arguments, const EncoderRegistry& registry);
int diagnose_command(const Arguments& arguments, const EncoderRegistry& registry);
int encode_command(const Arguments& arguments, const EncoderRegistry& registry);
int duplicates_command(const Arguments& arguments, const EncoderRegistry& registry);
int import_command(const Arguments& arguments, const EncoderRegistry& registry);
int new_command(const Arguments& arguments, const EncoderRegistry& registry);
int list_command(const Arguments& arguments, const EncoderRegistry& registry);
int describe_command(const Arguments& arguments, const EncoderRegistry& registry);
int fetch_help_command(const Arguments& arguments, const EncoderRegistry& registry);
int validate_command(const Arguments& arguments, const EncoderRegistry& registry);
int report_command(const Arguments& arguments, const EncoderRegistry& registry);
int compare_command(const Arguments& arguments, const EncoderRegistry& registry);
int check_command(const Arguments& arguments, const EncoderRegistry& registry);
int approve_command(const Arguments& arguments, const EncoderRegistry& registry);
int restate_command(const Arguments& arguments, const EncoderRegistry& registry);
int cache_command(const Arguments& arguments, const EncoderRegistry& registry);
int bundle_command(const Arguments& arguments, const EncoderRegistry& registry);

/// An experiment file by path, or by name from ./experiments or the project's own.
std::filesystem::path find_experiment(const std::string& name_or_path);
/// Experiment files that can be found by name.
std::vector<std::filesystem::path> experiment_files();

/// Writes results and reports of a run whole to the folder `out`, and prints a summary; the exit
/// code of the run.
int write_run(const Results& results, const std::filesystem::path& out);

/// Where finished steps are stored by default: $MUSICREP_CACHE, or musicrep in the user's cache.
std::filesystem::path default_cache();

}  // namespace musicrep::cli

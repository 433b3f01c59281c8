// The options that all commands on experiments share.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "planner/prepare.h"

namespace musicrep::cli {

/// What becomes of steps whose output is stored already.
enum class OverwriteStrategy {
  kAlways,       ///< they are run again
  kNever,        ///< they are taken, and an existing results file is an error before work begins
  kOnlyMissing,  ///< they are taken
};

struct RunOptions {
  std::size_t jobs = 1;
  OverwriteStrategy overwrite = OverwriteStrategy::kOnlyMissing;
};

/// An experiment that is ready to run, and the encoders that it was prepared with.
struct PreparedExperiment {
  EncoderRegistry encoders;
  Plan plan;
};

/// Reads the experiment, loads its plug-ins and those of `plugins`, and prepares it.
PreparedExperiment prepare_experiment(const std::filesystem::path& file,
                                      const EncoderRegistry& registry,
                                      std::vector<std::filesystem::path> plugins,
                                      const PrepareOptions& options);

/// The experiment file that was asked for. Throws ConfigError where there is none or more than one.
std::filesystem::path experiment_file(const CommandLine& line, const po::variables_map& values);

/// What --data names, whatever the working folder becomes; throws DataError where it is no folder.
std::optional<std::filesystem::path> data_folder(const po::variables_map& values);

/// What --cache names, or default_cache().
std::filesystem::path cache_folder(const po::variables_map& values);

/// Throws ConfigError or DataError where a value cannot be.
PrepareOptions prepare_options(const po::variables_map& values);
RunOptions run_options(const po::variables_map& values);
/// prepare_options() with --exec and --solver.
PrepareOptions run_prepare_options(const po::variables_map& values);

/// Where results go: --out, or results/runs/NAME.
std::filesystem::path results_folder(const po::variables_map& values, const Plan& plan);

/// Notes in results/runs/NAME which experiment's file it belongs to. Throws ConfigError where it
/// belongs to another experiment of that name: neither overwrites the other.
void claim_results_folder(const std::filesystem::path& folder,
                          const std::filesystem::path& experiment);

/// Opens the log that --log and --log-level ask for, by default `file` (where that is not empty),
/// and notes the command line and the program in it. Throws DataError where it cannot be written.
void open_log(const CommandLine& line, const Arguments& arguments, const po::variables_map& values,
              const std::filesystem::path& file);

}  // namespace musicrep::cli

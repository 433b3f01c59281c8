// What commands that work on an experiment are told alike.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"

namespace musicrep::cli {

/// The experiment file that was asked for. Throws ConfigError where there is none or more than one.
std::filesystem::path experiment_file(const CommandLine& line, const po::variables_map& values);

/// What --data names, whatever the working folder becomes; throws DataError where it is no folder.
std::optional<std::filesystem::path> data_folder(const po::variables_map& values);

/// Throws ConfigError or DataError where a value cannot be.
PrepareOptions prepare_options(const po::variables_map& values);
RunOptions run_options(const po::variables_map& values);
/// prepare_options() with --exec and --solver.
PrepareOptions run_prepare_options(const po::variables_map& values);

/// The same values as arguments that say the same in any folder: of the options above those that
/// can move a result, and --cache.
std::vector<std::string> portable_arguments(const po::variables_map& values,
                                            const std::filesystem::path& experiment_file);

/// Where results go: --out, or results/runs/NAME.
std::filesystem::path results_folder(const po::variables_map& values, const Plan& plan);

/// Opens the log that --log and --log-level ask for, by default `file` (where that is not empty),
/// and notes the command line and the program in it. Throws DataError where it cannot be written.
void open_log(const CommandLine& line, const Arguments& arguments, const po::variables_map& values,
              const std::filesystem::path& file);

}  // namespace musicrep::cli

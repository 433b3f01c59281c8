// What commands that work on an experiment are told alike.
#pragma once

#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"

namespace musicrep::cli {

/// Declares --data, --jobs, --only, --limit, --seed, --device, --skip-bad, --overwrite-strategy,
/// --cache, --log, --log-level and --quiet, and the experiment as the one positional argument.
void add_experiment_options(CommandLine& line);

/// The experiment file that was asked for. Throws ConfigError where there is none or more than one.
std::filesystem::path experiment_file(const CommandLine& line, const po::variables_map& values);

/// Throws ConfigError or DataError where a value cannot be.
PrepareOptions prepare_options(const po::variables_map& values);
RunOptions run_options(const po::variables_map& values);

/// Opens the log that --log and --log-level ask for, by default `file` (where that is not empty),
/// and notes the command line and the program in it. Throws DataError where it cannot be written.
void open_log(const CommandLine& line, const Arguments& arguments, const po::variables_map& values,
              const std::filesystem::path& file);

}  // namespace musicrep::cli

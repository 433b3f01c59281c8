// What commands that work on an experiment are told alike.
#pragma once

#include <filesystem>

#include "cli/arguments.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"

namespace musicrep::cli {

/// Declares --data, --jobs, --only, --limit, --seed, --device, --skip-bad, --overwrite-strategy,
/// --cache and --quiet, and the experiment as the one positional argument.
void add_experiment_options(CommandLine& line);

/// The experiment file that was asked for. Throws ConfigError where there is none or more than one.
std::filesystem::path experiment_file(const CommandLine& line, const po::variables_map& values);

/// Throws ConfigError or DataError where a value cannot be.
PrepareOptions prepare_options(const po::variables_map& values);
RunOptions run_options(const po::variables_map& values);

}  // namespace musicrep::cli

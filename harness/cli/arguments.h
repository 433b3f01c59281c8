// Command lines: options by the table, mistakes with the nearest known name.
#pragma once

#include <boost/program_options/variables_map.hpp>
#include <string>
#include <vector>

namespace musicrep::cli {

namespace po = boost::program_options;

/// What a command is called with. Its options are those of the table (option_table.h).
struct CommandLine {
  std::string command;
  std::string usage;                    ///< "run EXPERIMENT [options]"
  std::string summary;                  ///< a sentence or two
  std::string examples;                 ///< lines that can be run as they stand
  std::vector<std::string> positional;  ///< names of positional arguments; the last may repeat
};

/// Parses `arguments` by the table; --option is another spelling of --set. Throws ConfigError
/// naming an option that the command, or this kind of it, does not have (with the commands that do,
/// or the nearest name) or a value out of its range, and how to ask for help. Returns false where
/// help was asked for: it has been printed.
bool parse(const CommandLine& line, const std::vector<std::string>& arguments,
           po::variables_map& values);

/// A value that must be one of a few names. Throws ConfigError with the nearest.
std::size_t choice(const po::variables_map& values, const std::string& option,
                   const std::vector<std::string>& names);

/// The positional arguments `name`. Throws ConfigError where there is none.
std::vector<std::string> required_names(const CommandLine& line, const po::variables_map& values);

/// The values of an option that may be given several times; empty where it is not given.
std::vector<std::string> values_of(const po::variables_map& values, const std::string& option);

}  // namespace musicrep::cli

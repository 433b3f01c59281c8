// Command lines: options declared once, mistakes told with the nearest known name.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>
#include <vector>

namespace musicrep::cli {

namespace po = boost::program_options;

/// What a command is called with.
struct CommandLine {
  std::string command;
  std::string usage;     ///< "run EXPERIMENT [options]"
  std::string summary;   ///< a sentence or two
  std::string examples;  ///< lines that can be run as they stand
  po::options_description options{"Options"};
  std::vector<std::string> positional;  ///< names of positional arguments; the last may repeat
};

/// Parses `arguments`. Adds --help. Throws ConfigError naming the option, the nearest known one and
/// how to ask for help. Returns false where help was asked for: it has been printed.
bool parse(CommandLine& line, const std::vector<std::string>& arguments, po::variables_map& values);

/// A value that must be one of a few names. Throws ConfigError with the nearest.
std::size_t choice(const po::variables_map& values, const std::string& option,
                   const std::vector<std::string>& names);

/// The positional arguments `name`. Throws ConfigError where there is none.
std::vector<std::string> required_names(const CommandLine& line, const po::variables_map& values);

}  // namespace musicrep::cli

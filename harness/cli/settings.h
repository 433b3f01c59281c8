// NAME=VALUE on the command line: options of encoders and of kinds of data sets.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "musicrep/encoder.h"

namespace musicrep::cli {

/// What --set was given.
std::vector<std::string> given_settings(const po::variables_map& values);

/// "NAME=VALUE" each, as the type that `known` declares for it; a list is VALUE,VALUE. Throws
/// ConfigError that begins with `owner` and lists what has no '=', is not known or is of another
/// type.
Options parse_settings(const std::vector<std::string>& settings, std::span<const OptionSpec> known,
                       const std::string& owner);

}  // namespace musicrep::cli

// Options of encoders on the command line.
#pragma once

#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep::cli {

/// "option=value" each, as the option's declared type; a list is VALUE,VALUE. Throws ConfigError
/// where one has no '='; a name or a type that is wrong is left to the registry.
Options parse_settings(const std::vector<std::string>& settings, const EncoderInfo& info);

}  // namespace musicrep::cli

// Options of encoders, data sets and protocols: declared once, checked against what a file gives.
#pragma once

#include <span>
#include <string>

#include "musicrep/options.h"

namespace musicrep {

/// `options` with the defaults of `specs` filled in. Throws ConfigError that begins with `owner`
/// and lists every unknown option (with the nearest known one), wrong type, number out of its
/// range, text that is none of its choices and missing required option.
Options complete_options(const std::string& owner, std::span<const OptionSpec> specs,
                         const Options& options);

/// The type of an option's value, for people: "a whole number", "a list of texts".
const char* type_name(const OptionValue& value);

/// The value as a TOML file has it.
std::string to_text(const OptionValue& value);

}  // namespace musicrep

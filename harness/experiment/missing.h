// What an experiment asks for and this machine does not have: files that were never fetched.
#pragma once

#include <span>
#include <string>

#include "musicrep/encoder.h"

namespace musicrep {

/// "'/data/a.h5' and '/data/b'": the paths among `options` that do not exist; empty: all do, or
/// none is named. A path that is there and holds the wrong thing is not missing.
std::string missing_paths(const Options& options, std::span<const OptionSpec> specs);

}  // namespace musicrep

// Shared objects that hold an encoder: opened in a child process alone, for they run code when they
// are loaded.
#pragma once

#include <string>

#include "musicrep/abi.h"

namespace musicrep {

/// Loads the shared object `path` (absolute) for good, whose bytes must still have `sha256`, and
/// asks it for its encoder once its stamp was found to be this program's. Throws DataError where it
/// cannot be loaded, lacks a function or bears another stamp, and whatever it throws itself.
PluginEncoder load_plugin(const std::string& path, const std::string& sha256);

}  // namespace musicrep

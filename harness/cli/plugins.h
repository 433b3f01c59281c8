// Encoders from shared objects, as the command line and experiments name them.
#pragma once

#include <filesystem>

#include "cli/arguments.h"
#include "musicrep/registry.h"

namespace musicrep::cli {

/// `registry` with the encoders of --plugin, and of the experiment's `plugins` where one is given.
/// Throws as add_plugin() does.
EncoderRegistry with_plugins(const EncoderRegistry& registry, const po::variables_map& values,
                             const std::filesystem::path& experiment_file = {});

}  // namespace musicrep::cli

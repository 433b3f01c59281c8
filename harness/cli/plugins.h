// Encoders from shared objects, as the command line and experiments name them.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/arguments.h"
#include "musicrep/registry.h"

namespace musicrep::cli {

/// `registry` with the encoders of these shared objects. Throws as add_plugin() does.
EncoderRegistry with_plugins(const EncoderRegistry& registry,
                             const std::vector<std::filesystem::path>& files);
/// With those of --plugin.
EncoderRegistry with_plugins(const EncoderRegistry& registry, const po::variables_map& values);

/// The files that --plugin names.
std::vector<std::filesystem::path> plugin_files(const po::variables_map& values);

}  // namespace musicrep::cli

// External encoders among the others.
#pragma once

#include <filesystem>

#include "musicrep/registry.h"

namespace musicrep {

/// Puts every encoder that says in_child behind a ForeignEncoder, and gives it the option
/// kTimeLimitOption. For the program itself, not for the child.
void isolate_foreign_encoders(EncoderRegistry& registry);

/// Adds the encoder that a shared object holds. It is opened in a child alone. Throws ConfigError,
/// naming the file, where it cannot be loaded, bears another stamp, lacks a function, throws,
/// crashes or describes an encoder that cannot be, and where its name is taken; DataError where
/// there is no such file.
void add_plugin(EncoderRegistry& registry, const std::filesystem::path& file);

}  // namespace musicrep

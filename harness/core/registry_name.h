// Valid names of encoders.
#pragma once

#include <string>

namespace musicrep {

/// Whether `name` is lower case letters, digits and '_', and begins with a letter.
bool is_registry_name(const std::string& name);

}  // namespace musicrep

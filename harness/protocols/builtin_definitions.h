// The texts of the built-in protocols, compiled in by CMake.
#pragma once

#include <string>
#include <vector>

namespace musicrep {

struct BuiltinDefinition {
  std::string name;  ///< the file's stem, which is the protocol's name
  std::string toml;
};

const std::vector<BuiltinDefinition>& builtin_definitions();

}  // namespace musicrep

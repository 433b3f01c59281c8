// TOML as a flat list of keys and values, without comments, order and layout.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace musicrep {

/// Every value of a TOML text under its path: "encoder.tlm.steps" → "180",
/// "evaluate[0].tasks" → "[ 'genre', 'mood' ]". Throws ConfigError as TomlTable::parse() does.
std::map<std::string, std::string> flat_toml(std::string_view text, const std::string& name);

}  // namespace musicrep

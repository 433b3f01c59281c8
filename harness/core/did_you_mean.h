// "Unknown x 'nam'. Did you mean 'name'? Known: …"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace musicrep {

/// The name in `known` nearest to `typed` (Damerau-Levenshtein, upper and lower case alike), or
/// empty where none is near.
std::string nearest_name(std::string_view typed, std::span<const std::string> known);

/// A message for an unknown name: what it is, what was meant, and the list of what is known.
std::string unknown_name(std::string_view what, std::string_view name,
                         std::span<const std::string> known);

}  // namespace musicrep

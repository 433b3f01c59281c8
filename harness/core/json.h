// Parses untrusted JSON with bounded nesting.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace musicrep {

/// How deep lists and objects may be nested: copying and writing recurse.
inline constexpr std::size_t kDeepestJson = 256;

/// The value of a text; discarded (is_discarded()) where it is not JSON or nested too deep.
nlohmann::json parse_bounded_json(std::string_view text);

}  // namespace musicrep

#include "core/utf8.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace musicrep {

bool is_utf8(std::string_view text) {
  // ASCII, as most texts are, needs no parser.
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return true;
  }
  try {
    static_cast<void>(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace musicrep

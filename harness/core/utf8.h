// Texts.
#pragma once

#include <string_view>

namespace musicrep {

/// Whether `text` is valid UTF-8.
bool is_utf8(std::string_view text);

}  // namespace musicrep

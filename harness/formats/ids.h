// Ids of items from fields of files.
#pragma once

#include <string>
#include <string_view>

namespace musicrep {

/// The rule that makes an id from a text of a file.
enum class IdFrom {
  kExact,  ///< the text unchanged
  kStem,   ///< the text is a path: its file name without folder and extension
};

/// "exact" or "stem". Throws ConfigError that begins with `owner` and names the nearest rule.
IdFrom parse_id_from(const std::string& owner, const std::string& rule);

/// The id: with kStem, gtzan_genre/genres/blues/blues.00000.au becomes blues.00000.
std::string make_id(std::string_view text, IdFrom rule);

}  // namespace musicrep

#include "formats/ids.h"

#include <fmt/format.h>

#include <vector>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

IdFrom parse_id_from(const std::string& owner, const std::string& rule) {
  if (rule == "exact") return IdFrom::kExact;
  if (rule == "stem") return IdFrom::kStem;
  const std::vector<std::string> known = {"exact", "stem"};
  throw ConfigError(fmt::format("{}: {}", owner, unknown_name("value of id_from", rule, known)));
}

std::string make_id(std::string_view text, IdFrom rule) {
  if (rule == IdFrom::kExact) return std::string(text);
  // Both separators: lists made on Windows are read on other systems.
  if (const std::size_t slash = text.find_last_of("/\\"); slash != std::string_view::npos) {
    text.remove_prefix(slash + 1);
  }
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos && dot != 0) text = text.substr(0, dot);
  return std::string(text);
}

}  // namespace musicrep

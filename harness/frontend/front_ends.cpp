#include "frontend/front_ends.h"

#include <algorithm>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

const FrontEnd& front_end(std::string_view name) {
  for (const FrontEnd* each : front_ends::all()) {
    if (each->name == name) return *each;
  }
  throw ConfigError(unknown_name("front end", std::string(name), front_end_names()));
}

std::vector<std::string> front_end_names() {
  std::vector<std::string> names;
  for (const FrontEnd* each : front_ends::all()) names.emplace_back(each->name);
  std::ranges::sort(names);
  return names;
}

}  // namespace musicrep

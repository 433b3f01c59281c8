#include "formats/toml_flat.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

#include "musicrep/error.h"

namespace musicrep {
namespace {

void add(const toml::node& node, const std::string& path, std::map<std::string, std::string>& out) {
  if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      add(value, path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str()),
          out);
    }
    return;
  }
  const auto* list = node.as_array();
  if (list != nullptr && list->is_array_of_tables()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      add(*list->get(i), fmt::format("{}[{}]", path, i), out);
    }
    return;
  }
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  out[path] = text.str();
}

}  // namespace

std::map<std::string, std::string> flat_toml(std::string_view text, const std::string& name) {
  std::map<std::string, std::string> out;
  try {
    add(toml::parse(text, name), "", out);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw ConfigError(
        fmt::format("{}:{}:{}: invalid TOML: {}", name, at.line, at.column, error.description()));
  }
  return out;
}

}  // namespace musicrep

#include "formats/toml_reader.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {

struct TomlTable::State {
  std::shared_ptr<const toml::table> root;  // keeps the nodes alive
  const toml::table* here = nullptr;
  std::string file;
  std::string path;  // "encoder.tlm"; empty for the root
  mutable std::set<std::string> asked;

  [[nodiscard]] const toml::node* find(const std::string& key) const {
    asked.insert(key);
    return here->get(key);
  }

  [[nodiscard]] std::string where(const std::string& key) const {
    const toml::node* node = here->get(key);
    const auto line = (node != nullptr ? node->source() : here->source()).begin.line;
    return fmt::format("{}:{}: {}{}", file, line, path.empty() ? "" : fmt::format("[{}] ", path),
                       key);
  }

  [[noreturn]] void wrong_type(const std::string& key, const char* expected) const {
    throw ConfigError(fmt::format("{} is not {}", where(key), expected));
  }

  [[noreturn]] void missing(const std::string& key) const {
    std::string message = fmt::format("{} is missing", where(key));
    std::vector<std::string> present;
    for (const auto& [name, node] : *here) present.emplace_back(name.str());
    if (const std::string near = nearest_name(key, present); !near.empty()) {
      message += fmt::format(" (is '{}' meant for it?)", near);
    }
    throw ConfigError(message);
  }
};

namespace {

std::optional<OptionValue> scalar_of(const toml::node& node) {
  if (const auto* v = node.as_boolean()) return OptionValue(v->get());
  if (const auto* v = node.as_integer()) return OptionValue(v->get());
  if (const auto* v = node.as_floating_point()) return OptionValue(v->get());
  if (const auto* v = node.as_string()) return OptionValue(v->get());
  return std::nullopt;
}

std::string scalar_text(const OptionValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

TomlTable::TomlTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
TomlTable::TomlTable(TomlTable&&) noexcept = default;
TomlTable& TomlTable::operator=(TomlTable&&) noexcept = default;
TomlTable::~TomlTable() = default;

TomlTable TomlTable::parse(std::string_view text, const std::string& name) {
  try {
    auto state = std::make_unique<State>();
    state->root = std::make_shared<const toml::table>(toml::parse(text, name));
    state->here = state->root.get();
    state->file = name;
    return TomlTable(std::move(state));
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw ConfigError(
        fmt::format("{}:{}:{}: invalid TOML: {}", name, at.line, at.column, error.description()));
  }
}

TomlTable TomlTable::parse_file(const std::filesystem::path& path) {
  require_file(path, "configuration");
  return parse(read_file(path), path.string());
}

bool TomlTable::has(const std::string& key) const { return state_->find(key) != nullptr; }

std::string TomlTable::text(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) state_->missing(key);
  if (!node->is_string()) state_->wrong_type(key, "a text");
  return node->as_string()->get();
}

std::string TomlTable::text(const std::string& key, const std::string& fallback) const {
  return has(key) ? text(key) : fallback;
}

std::int64_t TomlTable::integer(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) state_->missing(key);
  if (!node->is_integer()) state_->wrong_type(key, "a whole number");
  return node->as_integer()->get();
}

std::int64_t TomlTable::integer(const std::string& key, std::int64_t fallback) const {
  return has(key) ? integer(key) : fallback;
}

double TomlTable::number(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) state_->missing(key);
  const auto value = node->value<double>();
  if (!node->is_number() || !value) state_->wrong_type(key, "a number");
  return *value;
}

double TomlTable::number(const std::string& key, double fallback) const {
  return has(key) ? number(key) : fallback;
}

bool TomlTable::boolean(const std::string& key, bool fallback) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return fallback;
  if (!node->is_boolean()) state_->wrong_type(key, "true or false");
  return node->as_boolean()->get();
}

std::vector<std::string> TomlTable::texts(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return {};
  if (node->is_string()) return {node->as_string()->get()};
  const toml::array* list = node->as_array();
  std::vector<std::string> out;
  if (list == nullptr) state_->wrong_type(key, "a list of texts");
  for (const toml::node& entry : *list) {
    if (!entry.is_string()) state_->wrong_type(key, "a list of texts");
    out.push_back(entry.as_string()->get());
  }
  return out;
}

std::vector<double> TomlTable::numbers(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  std::vector<double> out;
  if (list == nullptr) state_->wrong_type(key, "a list of numbers");
  for (const toml::node& entry : *list) {
    const auto value = entry.value<double>();
    if (!entry.is_number() || !value) state_->wrong_type(key, "a list of numbers");
    out.push_back(*value);
  }
  return out;
}

std::vector<std::string> TomlTable::scalars(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  std::vector<std::string> out;
  if (list == nullptr) state_->wrong_type(key, "a list");
  for (const toml::node& entry : *list) {
    const auto value = scalar_of(entry);
    if (!value) state_->wrong_type(key, "a list of numbers and texts");
    out.push_back(scalar_text(*value));
  }
  return out;
}

std::optional<TomlTable> TomlTable::table(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) state_->wrong_type(key, "a table");
  auto state = std::make_unique<State>();
  state->root = state_->root;
  state->here = node->as_table();
  state->file = state_->file;
  state->path = state_->path.empty() ? key : state_->path + "." + key;
  return TomlTable(std::move(state));
}

std::vector<std::string> TomlTable::table_names(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return {};
  if (!node->is_table()) {
    throw ConfigError(
        fmt::format("{} is not a table, expected [{}.NAME]", state_->where(key), key));
  }
  std::vector<std::pair<toml::source_index, std::string>> found;
  for (const auto& [name, inner] : *node->as_table()) {
    if (!inner.is_table()) {
      throw ConfigError(fmt::format("{}: '{}' in it is not a table, expected [{}.NAME]",
                                    state_->where(key), name.str(), key));
    }
    found.emplace_back(inner.source().begin.line, name.str());
  }
  std::ranges::sort(found);
  std::vector<std::string> out;
  for (auto& [line, name] : found) out.push_back(std::move(name));
  return out;
}

std::vector<TomlTable> TomlTable::tables(const std::string& key) const {
  const toml::node* node = state_->find(key);
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables()) {
    state_->wrong_type(key, "a list of tables ([[...]])");
  }
  std::vector<TomlTable> out;
  for (const toml::node& entry : *list) {
    auto state = std::make_unique<State>();
    state->root = state_->root;
    state->here = entry.as_table();
    state->file = state_->file;
    state->path = state_->path.empty() ? key : state_->path + "." + key;
    out.push_back(TomlTable(std::move(state)));
  }
  return out;
}

Options TomlTable::remaining_options() const {
  Options options;
  for (const auto& [name, node] : *state_->here) {
    const std::string key(name.str());
    if (state_->asked.contains(key)) continue;
    state_->asked.insert(key);
    if (const auto value = scalar_of(node)) {
      options[key] = *value;
    } else {
      options[key] = texts(key);
    }
  }
  return options;
}

void TomlTable::finish() const {
  const std::vector<std::string> known(state_->asked.begin(), state_->asked.end());
  for (const auto& [name, node] : *state_->here) {
    const std::string key(name.str());
    if (!state_->asked.contains(key)) {
      throw ConfigError(fmt::format("{}: {}", state_->where(key), unknown_name("key", key, known)));
    }
  }
}

std::string TomlTable::where(const std::string& key) const { return state_->where(key); }

}  // namespace musicrep

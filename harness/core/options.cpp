#include "core/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

/// TOML's basic strings have the escapes of JSON's.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

const char* type_name(const OptionValue& value) {
  static constexpr std::array kNames = {"true or false", "a whole number", "a number", "a text",
                                        "a list of texts"};
  return kNames.at(value.index());
}

std::string to_text(const OptionValue& value) {
  struct Visitor {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const {
      const std::string digits = fmt::format("{}", v);
      // Without a point TOML would read a whole number.
      return digits.find_first_not_of("-0123456789") == std::string::npos ? digits + ".0" : digits;
    }
    std::string operator()(const std::string& v) const { return quoted(v); }
    std::string operator()(const std::vector<std::string>& v) const {
      std::vector<std::string> texts;
      for (const std::string& text : v) texts.push_back(quoted(text));
      return fmt::format("[{}]", fmt::join(texts, ", "));
    }
  };
  return std::visit(Visitor{}, value);
}

Options complete_options(const std::string& owner, std::span<const OptionSpec> specs,
                         const Options& options) {
  Problems problems;
  std::vector<std::string> known;
  Options complete;
  for (const OptionSpec& spec : specs) {
    known.push_back(spec.name);
    const auto given = options.find(spec.name);
    if (given == options.end()) {
      if (spec.required) {
        problems.add(fmt::format("option '{}' is missing: {}", spec.name, spec.description));
      }
      complete[spec.name] = spec.default_value;
      continue;
    }
    OptionValue value = given->second;
    // TOML writes 8 for 8.0 and "a" for ["a"]; both are meant.
    if (std::holds_alternative<double>(spec.default_value)) {
      if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        value = static_cast<double>(*whole);
      }
    }
    if (std::holds_alternative<std::vector<std::string>>(spec.default_value)) {
      if (const auto* text = std::get_if<std::string>(&value)) value = std::vector{*text};
    }
    if (value.index() != spec.default_value.index()) {
      problems.add(fmt::format("option '{}' is {}, expected {}", spec.name, type_name(value),
                               type_name(spec.default_value)));
    }
    complete[spec.name] = std::move(value);
  }
  for (const auto& [key, value] : options) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      problems.add(unknown_name("option", key, known));
    }
  }
  problems.throw_if_any<ConfigError>(owner + ":");
  return complete;
}

}  // namespace musicrep

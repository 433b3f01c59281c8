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

/// The numbers of a range, for people: "at least 1", "0 to 1", "at least 0 and less than 1".
std::string to_text(const NumberRange& range) {
  constexpr NumberRange kAll;
  const bool has_end = range.greatest < kAll.greatest;
  if (range.least == kAll.least) {
    return fmt::format("{} {}", range.without_greatest ? "less than" : "at most", range.greatest);
  }
  if (has_end && !range.without_least && !range.without_greatest) {
    return fmt::format("{} to {}", range.least, range.greatest);
  }
  std::string text =
      fmt::format("{} {}", range.without_least ? "more than" : "at least", range.least);
  if (has_end) {
    text +=
        fmt::format(" and {} {}", range.without_greatest ? "less than" : "at most", range.greatest);
  }
  return text;
}

/// What is wrong with a value of the right type; empty: nothing.
std::string value_problem(const OptionSpec& spec, const OptionValue& value) {
  if (value == spec.default_value) return "";
  if (spec.range) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    const double number = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    if (spec.range->contains(number)) return "";
    const std::string found =
        whole != nullptr ? fmt::format("{}", *whole) : fmt::format("{}", number);
    return fmt::format("option '{}': found {}, expected {}", spec.name, found,
                       to_text(*spec.range));
  }
  if (spec.one_of.empty()) return "";
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  for (const std::string& text :
       list != nullptr ? *list : std::vector{std::get<std::string>(value)}) {
    if (std::ranges::find(spec.one_of, text) != spec.one_of.end()) continue;
    return fmt::format("option '{}': {}", spec.name, unknown_name("value", text, spec.one_of));
  }
  return "";
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
    } else if (const std::string problem = value_problem(spec, value); !problem.empty()) {
      problems.add(problem);
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

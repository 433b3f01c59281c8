#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <sstream>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "formats/csv.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

using Texts = std::vector<std::string>;

/// The text as a value of the type of `like`; nothing where it is none.
std::optional<OptionValue> value_of(const std::string& text, const OptionValue& like) {
  if (std::holds_alternative<std::string>(like)) return text;
  if (std::holds_alternative<bool>(like)) {
    if (text != "true" && text != "false") return std::nullopt;
    return text == "true";
  }
  if (std::holds_alternative<std::int64_t>(like)) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
  }
  if (std::holds_alternative<double>(like)) {
    const std::optional<double> number = parse_number(text);
    if (!number) return std::nullopt;
    return *number;
  }
  Texts list;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) list.push_back(part);
  return list;
}

}  // namespace

Texts given_settings(const po::variables_map& values) { return values_of(values, "set"); }

Options parse_settings(const Texts& settings, std::span<const OptionSpec> known,
                       const std::string& owner) {
  Texts names;
  for (const OptionSpec& spec : known) names.push_back(spec.name);
  Options out;
  Problems problems;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const auto spec = std::ranges::find(known, name, &OptionSpec::name);
    if (equals == std::string::npos) {
      problems.add(fmt::format("--set {}: expected NAME=VALUE", setting));
    } else if (spec == known.end()) {
      problems.add(fmt::format("--set {}: {}", setting, unknown_name("option", name, names)));
    } else if (auto value = value_of(setting.substr(equals + 1), spec->default_value)) {
      out[name] = std::move(*value);
    } else {
      problems.add(fmt::format("--set {}: found '{}', expected {}", setting,
                               setting.substr(equals + 1), type_name(spec->default_value)));
    }
  }
  problems.throw_if_any<ConfigError>(owner + ":");
  return out;
}

}  // namespace musicrep::cli

#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "musicrep/error.h"

namespace musicrep::cli {

Options parse_settings(const std::vector<std::string>& settings, const EncoderInfo& info) {
  Options options;
  for (const std::string& setting : settings) {
    const std::size_t at = setting.find('=');
    if (at == std::string::npos) {
      throw ConfigError(fmt::format("--set: '{}' is not of the form option=value", setting));
    }
    const std::string key = setting.substr(0, at);
    const std::string text = setting.substr(at + 1);
    const auto spec = std::ranges::find(info.options, key, &OptionSpec::name);
    OptionValue value = text;
    if (spec != info.options.end()) {
      const char* end = text.data() + text.size();
      if (std::holds_alternative<bool>(spec->default_value)) {
        if (text == "true" || text == "false") value = text == "true";
      } else if (std::holds_alternative<std::int64_t>(spec->default_value)) {
        std::int64_t number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc() && stop == end) value = number;
      } else if (std::holds_alternative<double>(spec->default_value)) {
        double number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc() && stop == end) value = number;
      } else if (std::holds_alternative<std::vector<std::string>>(spec->default_value)) {
        std::vector<std::string> list;
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, ',');) list.push_back(part);
        value = std::move(list);
      }
    }
    options[key] = std::move(value);  // a wrong type or name is refused by the registry
  }
  return options;
}

}  // namespace musicrep::cli

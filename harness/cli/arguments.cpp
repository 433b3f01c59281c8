#include "cli/arguments.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iostream>

#include "cli/option_table.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

using Texts = std::vector<std::string>;

template <typename T>
po::value_semantic* typed(const OptionLine& line) {
  auto* value = po::value<T>()->value_name(line.value_name);
  if (!line.default_value) return value;
  if constexpr (std::is_same_v<T, std::string>) {
    return value->default_value(*line.default_value);
  } else {
    T number{};
    const std::string& text = *line.default_value;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return value->default_value(number, text);
  }
}

po::value_semantic* semantic(const OptionLine& line) {
  switch (line.type) {
    case OptionType::kFlag:
      break;
    case OptionType::kText:
      return typed<std::string>(line);
    case OptionType::kTexts:
      return po::value<Texts>()->composing()->value_name(line.value_name);
    case OptionType::kCount:
      return typed<std::size_t>(line);
    case OptionType::kSeed:
      return typed<std::uint64_t>(line);
    case OptionType::kSeconds:
      return typed<double>(line);
  }
  return nullptr;
}

/// "threads that decode (data, encoder)": with the kinds, where not all of them have the option.
std::string description_of(const OptionLine& line, const std::string& command) {
  const Texts kinds = kinds_of(command);
  Texts having;
  for (const std::string& kind : kinds) {
    if (belongs_to(line, command, kind)) having.push_back(kind);
  }
  if (having.size() == kinds.size()) return line.description;
  return fmt::format("{} ({})", line.description, fmt::join(having, ", "));
}

po::options_description options_of(const std::string& command) {
  po::options_description out("Options");
  for (const OptionLine& line : option_table()) {
    if (find_option(command, line.name) != &line) continue;
    const std::string names =
        line.letter == 0 ? line.name : fmt::format("{},{}", line.name, line.letter);
    const std::string description = description_of(line, command);
    po::value_semantic* value = semantic(line);
    value == nullptr ? out.add_options()(names.c_str(), description.c_str())
                     : out.add_options()(names.c_str(), value, description.c_str());
  }
  out.add_options()("help,h", "show this help");
  return out;
}

/// The arguments with --set in the place of its other spellings.
Texts in_one_spelling(const Texts& arguments) {
  Texts out;
  for (const std::string& argument : arguments) {
    if (argument == "--option" || argument == "-o") {
      out.emplace_back("--set");
    } else if (argument.starts_with("--option=")) {
      out.push_back("--set=" + argument.substr(9));
    } else {
      out.push_back(argument);
    }
  }
  return out;
}

/// Throws ConfigError where the text is not a value of the option's type, or out of its range.
void check_value(const OptionLine& line, const std::string& text) {
  const char* end = text.data() + text.size();
  const auto refuse = [&](const std::string& expected) {
    throw ConfigError(fmt::format("--{}: found '{}', expected {}", line.name, text, expected));
  };
  if (line.type == OptionType::kCount || line.type == OptionType::kSeed) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < line.least) {
      refuse(fmt::format("a whole number, {} or more", line.least));
    }
  }
  if (line.type == OptionType::kSeconds) {
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !std::isfinite(number) || number < 0) {
      refuse("a number, 0 or more");
    }
  }
}

/// The first positional argument; empty where there is none.
std::string first_positional(const po::parsed_options& parsed) {
  for (const auto& option : parsed.options) {
    if (option.position_key == 0 && !option.value.empty()) return option.value.front();
  }
  return "";
}

std::string hint(const std::string& command) {
  return fmt::format("see: musicrep {} --help", command);
}

[[noreturn]] void refuse_option(const std::string& command, const std::string& name) {
  throw ConfigError(fmt::format("'musicrep {}' has no option --{}; it is an option of: {}; {}",
                                command, name, fmt::join(commands_with(name), ", "),
                                hint(command.substr(0, command.find(' ')))));
}

[[noreturn]] void refuse_unknown(const std::string& command, std::string name,
                                 const po::options_description& known) {
  const std::size_t at = name.find_first_not_of('-');
  name = at == std::string::npos ? "" : name.substr(at);
  name = name.substr(0, name.find('='));
  if (!commands_with(name).empty()) refuse_option(command, name);
  Texts names;
  for (const auto& option : known.options()) names.push_back("--" + option->long_name());
  throw ConfigError(
      fmt::format("{} {}", unknown_name("option", "--" + name, names), hint(command)));
}

/// What the table says of options that are there: whether this kind has them, and their ranges.
void check_options(const std::string& command, const po::parsed_options& parsed,
                   const po::options_description& known) {
  const Texts kinds = kinds_of(command);
  std::string kind = first_positional(parsed);
  const bool is_kind = std::ranges::find(kinds, kind) != kinds.end();
  for (const auto& option : parsed.options) {
    if (option.position_key >= 0) continue;
    const OptionLine* line = find_option(command, option.string_key);
    if (line == nullptr) refuse_unknown(command, option.string_key, known);
    if (is_kind && !belongs_to(*line, command, kind)) {
      refuse_option(command + " " + kind, line->name);
    }
    for (const std::string& text : option.value) check_value(*line, text);
  }
}

}  // namespace

bool parse(const CommandLine& line, const Texts& arguments, po::variables_map& values) {
  const po::options_description visible = options_of(line.command);
  po::options_description all;
  all.add(visible);
  po::options_description hidden;
  po::positional_options_description positional;
  for (std::size_t i = 0; i < line.positional.size(); ++i) {
    const bool last = i + 1 == line.positional.size();
    const std::string& name = line.positional[i];
    if (last) {
      hidden.add_options()(name.c_str(), po::value<Texts>());
    } else {
      hidden.add_options()(name.c_str(), po::value<std::string>());
    }
    positional.add(name.c_str(), last ? -1 : 1);
  }
  all.add(hidden);
  try {
    // Abbreviated options would change their meaning with the next option that is added.
    using po::command_line_style::allow_guessing;
    using po::command_line_style::unix_style;
    const po::parsed_options parsed = po::command_line_parser(in_one_spelling(arguments))
                                          .options(all)
                                          .positional(positional)
                                          .style(unix_style & ~allow_guessing)
                                          .run();
    const auto asks_for_help = [](const auto& option) { return option.string_key == "help"; };
    if (std::ranges::any_of(parsed.options, asks_for_help)) {
      fmt::print("usage: musicrep {}\n\n{}\n\n", line.usage, line.summary);
      std::cout << visible << std::flush;
      if (!line.examples.empty()) fmt::print("\nExamples:\n{}", line.examples);
      return false;
    }
    check_options(line.command, parsed, visible);
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    refuse_unknown(line.command, error.get_option_name(), visible);
  } catch (const po::too_many_positional_options_error&) {
    throw ConfigError(
        fmt::format("'musicrep {}' takes no arguments; {}", line.command, hint(line.command)));
  } catch (const po::error& error) {
    throw ConfigError(fmt::format("{}; {}", error.what(), hint(line.command)));
  }
  return true;
}

std::size_t choice(const po::variables_map& values, const std::string& option, const Texts& names) {
  const auto& text = values[option].as<std::string>();
  const auto at = std::ranges::find(names, text);
  if (at == names.end()) {
    throw ConfigError(fmt::format("--{}: {}", option, unknown_name("value", text, names)));
  }
  return static_cast<std::size_t>(at - names.begin());
}

Texts required_names(const CommandLine& line, const po::variables_map& values) {
  if (!values.contains("name")) {
    throw ConfigError(fmt::format("'musicrep {}' takes a name; see: musicrep ls", line.command));
  }
  return values["name"].as<Texts>();
}

Texts values_of(const po::variables_map& values, const std::string& option) {
  return values.contains(option) ? values[option].as<Texts>() : Texts{};
}

}  // namespace musicrep::cli

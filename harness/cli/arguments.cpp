#include "cli/arguments.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <iostream>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep::cli {

bool parse(CommandLine& line, const std::vector<std::string>& arguments,
           po::variables_map& values) {
  line.options.add_options()("help,h", "show this help");
  po::options_description all;
  all.add(line.options);
  po::options_description hidden;
  po::positional_options_description positional;
  for (std::size_t i = 0; i < line.positional.size(); ++i) {
    const bool last = i + 1 == line.positional.size();
    const std::string& name = line.positional[i];
    if (last) {
      hidden.add_options()(name.c_str(), po::value<std::vector<std::string>>());
    } else {
      hidden.add_options()(name.c_str(), po::value<std::string>());
    }
    positional.add(name.c_str(), last ? -1 : 1);
  }
  all.add(hidden);
  const std::string hint = fmt::format("see: musicrep {} --help", line.command);
  try {
    // Abbreviated options would change their meaning with the next option that is added.
    using po::command_line_style::allow_guessing;
    using po::command_line_style::unix_style;
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(positional)
                  .style(unix_style & ~allow_guessing)
                  .run(),
              values);
    if (values.contains("help")) {
      fmt::print("usage: musicrep {}\n\n{}\n\n", line.usage, line.summary);
      std::cout << line.options << std::flush;
      if (!line.examples.empty()) fmt::print("\nExamples:\n{}", line.examples);
      return false;
    }
    po::notify(values);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> known;
    for (const auto& option : line.options.options()) known.push_back("--" + option->long_name());
    std::string name = error.get_option_name();
    if (!name.starts_with("-")) name = "--" + name;
    throw ConfigError(fmt::format("{} {}", unknown_name("option", name, known), hint));
  } catch (const po::too_many_positional_options_error&) {
    throw ConfigError(fmt::format("'musicrep {}' takes no arguments; {}", line.command, hint));
  } catch (const po::error& error) {
    throw ConfigError(fmt::format("{}; {}", error.what(), hint));
  }
  return true;
}

std::size_t choice(const po::variables_map& values, const std::string& option,
                   const std::vector<std::string>& names) {
  const auto& text = values[option].as<std::string>();
  const auto at = std::ranges::find(names, text);
  if (at == names.end()) {
    throw ConfigError(fmt::format("--{}: {}", option, unknown_name("value", text, names)));
  }
  return static_cast<std::size_t>(at - names.begin());
}

std::vector<std::string> required_names(const CommandLine& line, const po::variables_map& values) {
  if (!values.contains("name")) {
    throw ConfigError(fmt::format("'musicrep {}' takes a name; see: musicrep ls", line.command));
  }
  return values["name"].as<std::vector<std::string>>();
}

}  // namespace musicrep::cli

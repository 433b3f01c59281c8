// Every option of every command, in one table: what is parsed, and what --help says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep::cli {

enum class OptionType {
  kFlag,     ///< takes no value
  kText,     ///< std::string
  kTexts,    ///< may be given several times: std::vector<std::string>
  kCount,    ///< std::size_t, `least` or more
  kSeed,     ///< std::uint64_t
  kSeconds,  ///< double, 0 or more
};

/// One option, alike for all commands that it names. Another line may have the same name for other
/// commands.
struct OptionLine {
  std::string name;
  char letter = 0;  ///< of the short form; 0: none
  OptionType type = OptionType::kText;
  std::string value_name;  ///< FILE, N, NAME=VALUE
  std::string description;
  std::vector<std::string> commands;         ///< "run", or "validate data" of a command with kinds
  std::optional<std::string> default_value;  ///< nothing: the option is then not there
  std::size_t least = 0;                     ///< of a count
};

const std::vector<OptionLine>& option_table();

/// What the first argument of a command can be; empty where it is free.
std::vector<std::string> kinds_of(std::string_view command);

/// The line of the option `name` for any kind of `command`; null where the command has no such
/// option.
const OptionLine* find_option(std::string_view command, std::string_view name);

/// Whether the line is for this kind of the command ("" where the command has none).
bool belongs_to(const OptionLine& line, std::string_view command, std::string_view kind);

/// The commands that have an option of that name, as in OptionLine::commands; empty: none.
std::vector<std::string> commands_with(std::string_view name);

/// Names of all commands that have options, each once.
std::vector<std::string> commands_with_options();

}  // namespace musicrep::cli

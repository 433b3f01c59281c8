#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/shell_completion.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

std::vector<CommandSummary> summaries() {
  std::vector<const Command*> commands = all_commands();
  std::ranges::sort(commands, {}, &Command::place);
  std::vector<CommandSummary> out;
  for (const Command* command : commands) out.push_back({command->name, command->summary});
  return out;
}

int command_main(const Arguments& arguments, const EncoderRegistry&) {
  CommandLine line;
  line.command = "completion";
  line.usage = "completion bash|zsh|man";
  line.summary =
      "Prints a script that completes commands and options in bash or zsh, or the man page.";
  line.examples = "  musicrep completion bash > musicrep.bash && source musicrep.bash\n";
  line.positional = {"what"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const std::vector<std::string> known = {"bash", "zsh", "man"};
  const std::vector<std::string> given = values_of(values, "what");
  if (given.size() != 1) {
    throw ConfigError(fmt::format(
        "'musicrep completion': found {} arguments, expected one of bash, zsh, man", given.size()));
  }
  if (given[0] == "bash") {
    fmt::print("{}", bash_completion(summaries()));
  } else if (given[0] == "zsh") {
    fmt::print("{}", zsh_completion(summaries()));
  } else if (given[0] == "man") {
    fmt::print("{}", man_page(summaries()));
  } else {
    throw ConfigError(unknown_name("kind of completion", given[0], known));
  }
  return kOk;
}

}  // namespace

extern const Command completion_command = {
    .place = 200,
    .name = "completion",
    .summary = "print completions for bash or zsh, or the man page",
    .run = command_main};

}  // namespace musicrep::cli

#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "cli/arguments.h"
#include "cli/option_table.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::message_of;
using namespace musicrep::cli;
using Texts = std::vector<std::string>;

namespace {

const Texts kCommands = {"run",     "plan",    "step",       "diagnose", "encode",     "duplicates",
                         "new",     "export",  "import",     "report",   "compare",    "check",
                         "approve", "ls",      "describe",   "validate", "fetch-help", "cache",
                         "bundle",  "restate", "completion", "index",    "search"};

/// A command's line, as the command declares it: its kind first, where it has kinds.
CommandLine line_of(const std::string& command) {
  CommandLine line;
  line.command = command;
  line.usage = command;
  line.positional = kinds_of(command).empty() ? Texts{"things"} : Texts{"what", "name"};
  return line;
}

std::string message(const std::string& command, const Texts& arguments) {
  return message_of<ConfigError>([&] {
    po::variables_map values;
    parse(line_of(command), arguments, values);
  });
}

Texts with_value(const OptionLine& line) {
  if (line.type == OptionType::kFlag) return {"--" + line.name};
  const bool number = line.type == OptionType::kCount || line.type == OptionType::kSeed ||
                      line.type == OptionType::kSeconds;
  return {"--" + line.name, number ? "3" : "a=b"};
}

}  // namespace

TEST_CASE("command line: every option of every command is accepted where the table has it alone") {
  for (const std::string& command : kCommands) {
    Texts kinds = kinds_of(command);
    if (kinds.empty()) kinds.emplace_back();
    for (const std::string& kind : kinds) {
      const std::string use = kind.empty() ? command : command + " " + kind;
      for (const OptionLine& option : option_table()) {
        const Texts having = commands_with(option.name);
        Texts arguments = with_value(option);
        if (!kind.empty()) arguments.insert(arguments.begin(), kind);
        const std::string reported = message(command, arguments);
        INFO(use << " --" << option.name << ": " << reported);
        if (std::ranges::find(having, use) != having.end()) {
          CHECK(reported == "(nothing was thrown)");
        } else {
          CHECK_THAT(reported, Contains("has no option --" + option.name));
          for (const std::string& other : having) CHECK_THAT(reported, Contains(other));
        }
      }
    }
  }
}

TEST_CASE("command line: the table names commands and kinds that there are") {
  for (const std::string& command : commands_with_options()) {
    CHECK(std::ranges::count(kCommands, command) == 1);
  }
  std::set<std::string> seen;
  for (const OptionLine& option : option_table()) {
    CHECK_FALSE(option.description.empty());
    CHECK(option.value_name.empty() == (option.type == OptionType::kFlag));
    for (const std::string& use : option.commands) {
      INFO(use << " --" << option.name);
      CHECK(seen.insert(use + " --" + option.name).second);
      const std::string command = use.substr(0, use.find(' '));
      const Texts kinds = kinds_of(command);
      CHECK(kinds.empty() == (command == use));
      // One line a command, whatever its kinds: help lists it once.
      CHECK(find_option(command, option.name) == &option);
    }
  }
}

TEST_CASE("command line: values out of their range") {
  CHECK_THAT(message("run", {"x", "--jobs", "0"}),
             Contains("--jobs: found '0', expected a whole number, 1 or more"));
  CHECK_THAT(message("run", {"x", "-j0"}), Contains("--jobs: found '0'"));
  CHECK_THAT(message("run", {"x", "--limit", "-1"}),
             Contains("--limit: found '-1', expected a whole number, 0 or more"));
  CHECK_THAT(message("run", {"x", "--limit=-1"}), Contains("--limit: found '-1'"));
  CHECK_THAT(message("run", {"x", "--limit", "ten"}), Contains("--limit: found 'ten'"));
  CHECK_THAT(message("run", {"x", "--limit", "99999999999999999999"}), Contains("--limit: found"));
  CHECK_THAT(message("run", {"x", "--seed", "-3"}), Contains("--seed: found '-3'"));
  CHECK_THAT(message("plan", {"x", "--job-seconds", "-1"}), Contains("--job-seconds: found '-1'"));
  CHECK_THAT(message("plan", {"x", "--job-seconds", "nan"}), Contains("--job-seconds"));
  CHECK(message("run", {"x", "--limit", "0", "--jobs", "1"}) == "(nothing was thrown)");
}

TEST_CASE("command line: --option is another spelling of --set") {
  for (const Texts& arguments : {Texts{"data", "table", "--set", "a=b", "--set", "c=d"},
                                 Texts{"data", "table", "--option", "a=b", "--option=c=d"},
                                 Texts{"data", "table", "-o", "a=b", "--set=c=d"}}) {
    po::variables_map values;
    REQUIRE(parse(line_of("validate"), arguments, values));
    CHECK(values_of(values, "set") == Texts{"a=b", "c=d"});
  }
  CHECK_THAT(message("validate", {"weights", "x.h5", "--option", "a=b"}),
             Contains("'musicrep validate weights' has no option --set"));
}

TEST_CASE("command line: unknown options, and the names of arguments, are no options") {
  CHECK_THAT(message("run", {"x", "--jbos", "3"}), Contains("Did you mean '--jobs'?"));
  CHECK_THAT(message("run", {"--things", "x"}), Contains("unknown option '--things'"));
  CHECK_THAT(
      message("plan", {"x", "--overwrite-strategy", "always"}),
      Contains("'musicrep plan' has no option --overwrite-strategy; it is an option of: run, "
               "diagnose"));
}

// The `musicrep` program: finds the command, and turns what it throws into an exit code.
#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "core/did_you_mean.h"
#include "core/event_log.h"
#include "core/stop.h"
#include "core/utf8.h"
#include "foreign/host.h"
#include "foreign/register.h"
#include "musicrep/error.h"
#include "musicrep/version.h"
#include "provenance/provenance.h"

namespace musicrep::cli {
namespace {

/// By their place in --help.
std::vector<const Command*> sorted_commands() {
  std::vector<const Command*> out = all_commands();
  std::ranges::sort(out, {}, &Command::place);
  return out;
}

void print_help() {
  fmt::print(
      "musicrep {}: measures music representations\n\n"
      "usage: musicrep COMMAND [arguments]\n\n",
      kVersion);
  for (const Command* command : sorted_commands()) {
    fmt::print("  {:<12}{}\n", command->name, command->summary);
  }
  fmt::print(
      "\n'musicrep COMMAND --help' (or 'musicrep help COMMAND') shows the options of a command.\n"
      "Exit codes: 0 success; 1 a checked score or encoder changed; 2 usage or configuration;\n"
      "3 data; 4 internal error; 5 finished, but some rows failed or could not be compared, or\n"
      "items were skipped; 130, 143 interrupted.\n");
}

/// The version, and what else can move a bit.
void print_version() {
  // Titles, and keys of code_provenance().
  constexpr std::array<std::pair<const char*, const char*>, 7> kFacts = {{{"commit", "code_commit"},
                                                                          {"compiler", "compiler"},
                                                                          {"BLAS", "blas"},
                                                                          {"libsvm", "libsvm"},
                                                                          {"HDF5", "hdf5"},
                                                                          {"LibTorch", "torch"},
                                                                          {"kernels", "kernels"}}};
  fmt::print("musicrep {}\n", kVersion);
  const std::map<std::string, std::string> facts = code_provenance();
  for (const auto& [title, fact] : kFacts) {
    const std::string& text = facts.at(fact);
    fmt::print("  {:<10}{}\n", title, text.empty() ? "none" : text);
  }
}

extern "C" void on_signal(int signal_number) {
  if (stop_requested() != 0) _exit(128 + signal_number);  // asked twice: at once
  request_stop(signal_number);
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "help") return dispatch({arguments[1], "--help"});
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" ||
      arguments[0] == "help") {
    print_help();
    return arguments.empty() ? kUsageMistake : kOk;
  }
  if (arguments[0] == kHostCommand) {
    EncoderRegistry registry;
    register_builtin_encoders(registry);
    serve_encoder(registry);
    throw ConfigError(fmt::format("'musicrep {}' is internal: the program calls it to run encoders",
                                  kHostCommand));
  }
  if (arguments[0] == "--version") {
    print_version();
    return kOk;
  }
  std::vector<std::string> names;
  for (const Command* command : sorted_commands()) {
    if (command->name == arguments[0]) {
      EncoderRegistry registry;
      register_builtin_encoders(registry);
      isolate_foreign_encoders(registry);
      return command->run({arguments.begin() + 1, arguments.end()}, registry);
    }
    names.push_back(command->name);
  }
  throw ConfigError(unknown_name("command", arguments[0], names));
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kUsageMistake;
    case ErrorKind::kData:
      return kDataMistake;
    case ErrorKind::kInterrupted:
      return 128 + stop_requested();
  }
  return kInternalError;
}

}  // namespace
}  // namespace musicrep::cli

int main(int argc, char** argv) {
  using namespace musicrep;       // NOLINT(google-build-using-namespace): the program's own
  std::signal(SIGCHLD, SIG_DFL);  // where it is ignored, nobody learns how a child ended
  std::signal(SIGINT, cli::on_signal);
  std::signal(SIGTERM, cli::on_signal);
  try {
    return cli::dispatch({argv + 1, argv + argc});
  } catch (const Error& error) {
    log_event(error.kind() == ErrorKind::kInterrupted ? LogLevel::kWarning : LogLevel::kError, "",
              "", error.what());
    fmt::print(stderr, "musicrep: {}\n", escaped_to_utf8(error.what()));
    return cli::exit_code_of(error.kind());
  } catch (const std::filesystem::filesystem_error& error) {
    // Something of the user's files or disk that no part foresaw.
    log_event(LogLevel::kError, "", "", error.what());
    fmt::print(stderr, "musicrep: cannot use '{}': {}\n", escaped_to_utf8(error.path1().string()),
               error.code().message());
    return cli::kDataMistake;
  } catch (const std::bad_alloc&) {
    log_event(LogLevel::kError, "", "", "out of memory");
    fmt::print(stderr, "musicrep: out of memory\n");
    return cli::kInternalError;
  } catch (const std::exception& error) {
    log_event(LogLevel::kError, "", "", error.what());
    fmt::print(stderr, "musicrep: internal error: {}\n", error.what());
    return cli::kInternalError;
  }
}

#include <fmt/format.h>

#include <string_view>

#include "cli/option_table.h"
#include "cli/shell_completion.h"
#include "core/parallel.h"
#include "musicrep/version.h"

namespace musicrep::cli {
namespace {

/// A text as roff prints it: dashes that can be copied, no line that is a request.
std::string plain(std::string_view text) {
  std::string out;
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) out += "\\&";
  for (const char c : text) {
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else {
      out += c;
    }
  }
  return out;
}

std::string default_of(const OptionLine& line) {
  if (!line.default_value || line.default_value->empty()) return "";
  // The page is read on other machines, too.
  const bool of_machine =
      line.name == "jobs" && *line.default_value == std::to_string(available_processors());
  return of_machine && line.default_value != "1"
             ? " (default: one per processor)"
             : fmt::format(" (default: {})", plain(*line.default_value));
}

std::string option_text(const OptionLine& line, const std::string& command) {
  std::string out = ".TP\n";
  if (line.letter != 0) out += fmt::format("\\fB\\-{}\\fR, ", line.letter);
  out += fmt::format("\\fB\\-\\-{}\\fR", plain(line.name));
  if (!line.value_name.empty()) out += fmt::format(" \\fI{}\\fR", plain(line.value_name));
  std::string kinds;
  for (const std::string& kind : kinds_of(command)) {
    if (!belongs_to(line, command, kind)) continue;
    kinds += kinds.empty() ? " (" : ", ";
    kinds += kind;
  }
  if (!kinds.empty()) kinds += ")";
  return out + fmt::format("\n{}{}{}\n", plain(line.description), default_of(line), kinds);
}

constexpr std::string_view kRest = R"(.SH EXIT STATUS
.TP
.B 0
success
.TP
.B 1
a checked score or encoder changed
.TP
.B 2
usage or configuration
.TP
.B 3
data
.TP
.B 4
internal error
.TP
.B 5
finished, but some rows failed or could not be compared, or items were skipped
.TP
.BR 130 ", " 143
interrupted
.SH ENVIRONMENT
.TP
.B MUSICREP_CACHE
folder of finished steps
.TP
.B MUSICREP_DATA
folder of real data, which experiments name as ${MUSICREP_DATA}
.TP
.B MUSICREP_KERNELS
portable (default) or native: the kernels of OpenBLAS and LibTorch
.SH FILES
.TP
.I /usr/share/musicrep/experiments
experiments that are found by name
.TP
.I /usr/share/doc/musicrep
manuals; README.md leads to all of them
.TP
.I ~/.cache/musicrep
finished steps, where neither MUSICREP_CACHE nor XDG_CACHE_HOME is set
)";

}  // namespace

std::string man_page(std::span<const CommandSummary> commands) {
  std::string out = fmt::format(
      R"(.\" Written by: musicrep completion man
.TH MUSICREP 1 "" "musicrep {}" "User Commands"
.SH NAME
musicrep \- measures music representations
.SH SYNOPSIS
.B musicrep
.I COMMAND
.RI [ arguments ]
.SH DESCRIPTION
Compares music representations: the same classifier, the same folds, and a confidence interval on every score.
.B musicrep
.I COMMAND
.B \-\-help
shows arguments and examples of a command.
.SH COMMANDS
)",
      kVersion);
  for (const CommandSummary& each : commands) {
    out += fmt::format(".SS {}\n{}\n", plain(each.name), plain(each.summary));
    for (const OptionLine& line : option_table()) {
      if (find_option(each.name, line.name) == &line) out += option_text(line, each.name);
    }
  }
  return out.append(kRest);
}

}  // namespace musicrep::cli

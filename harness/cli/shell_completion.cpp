#include "cli/shell_completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/option_table.h"

namespace musicrep::cli {
namespace {

using Texts = std::vector<std::string>;

/// The options of a command, or of one kind of it ("" for a command without kinds).
std::vector<const OptionLine*> options_of(const std::string& command, const std::string& kind) {
  std::vector<const OptionLine*> out;
  for (const OptionLine& line : option_table()) {
    if (belongs_to(line, command, kind)) out.push_back(&line);
  }
  return out;
}

/// "validate data" for each kind of a command; the command itself where it has none.
Texts uses_of(const std::string& command) {
  const Texts kinds = kinds_of(command);
  if (kinds.empty()) return {command};
  Texts out;
  for (const std::string& kind : kinds) out.push_back(fmt::format("{} {}", command, kind));
  return out;
}

bool takes_experiment(std::string_view command) {
  return command == "run" || command == "plan" || command == "diagnose";
}

Texts names_of(std::span<const CommandSummary> commands) {
  Texts out;
  for (const CommandSummary& each : commands) out.push_back(each.name);
  return out;
}

std::string replaced(std::string text, char what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, 1, with);
  }
  return text;
}

/// Inside single quotes of a shell.
std::string quoted(const std::string& text) { return "'" + replaced(text, '\'', "'\\''") + "'"; }

/// Patterns of `case`, "command --option", for options whose value is a file or a folder.
std::string bash_values(std::string_view value_name) {
  Texts patterns;
  for (const OptionLine& line : option_table()) {
    if (line.value_name != value_name) continue;
    for (const std::string& use : line.commands) {
      const std::string pattern = fmt::format("'{} --{}'", use.substr(0, use.find(' ')), line.name);
      if (std::ranges::find(patterns, pattern) == patterns.end()) patterns.push_back(pattern);
    }
  }
  return fmt::format("{}", fmt::join(patterns, " | "));
}

/// Patterns for options whose value is neither: nothing completes it.
std::string bash_other_values() {
  Texts patterns;
  for (const OptionLine& line : option_table()) {
    if (line.type == OptionType::kFlag || line.value_name == "FILE" ||
        line.value_name == "FOLDER") {
      continue;
    }
    for (const std::string& use : line.commands) {
      const std::string command = use.substr(0, use.find(' '));
      Texts spellings = {"--" + line.name};
      if (line.letter != 0) spellings.push_back(fmt::format("-{}", line.letter));
      for (const std::string& spelling : spellings) {
        const std::string pattern = fmt::format("'{} {}'", command, spelling);
        if (std::ranges::find(patterns, pattern) == patterns.end()) patterns.push_back(pattern);
      }
    }
  }
  return fmt::format("{}", fmt::join(patterns, " | "));
}

/// Text in brackets of an argument of _arguments, which also takes ':' for itself.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionLine& line) {
  if (line.value_name == "FILE") return "_files";
  if (line.value_name == "FOLDER") return "_files -/";
  return "";
}

/// One option as arguments of _arguments.
std::string zsh_option(const OptionLine& line) {
  const std::string value =
      line.type == OptionType::kFlag
          ? ""
          : fmt::format(":{}:{}", zsh_text(line.value_name), zsh_action(line));
  const std::string text = quoted(fmt::format("[{}]{}", zsh_text(line.description), value));
  const char* repeated = line.type == OptionType::kTexts ? "'*'" : "";
  if (line.letter == 0) return fmt::format("{}--{}{}", repeated, line.name, text);
  return fmt::format("'(-{0} --{1})'{{-{0},--{1}}}{2}", line.letter, line.name, text);
}

}  // namespace

std::string bash_completion(std::span<const CommandSummary> commands) {
  std::string options;
  std::string kinds;
  for (const CommandSummary& each : commands) {
    for (const std::string& use : uses_of(each.name)) {
      const std::size_t space = use.find(' ');
      Texts names;
      for (const OptionLine* line :
           options_of(each.name, space == std::string::npos ? "" : use.substr(space + 1))) {
        names.push_back("--" + line->name);
        if (line->letter != 0) names.push_back(fmt::format("-{}", line->letter));
      }
      names.emplace_back("--help");
      // A command without kinds may have any argument there.
      const std::string pattern = space == std::string::npos ? "'" + use + " '*" : quoted(use);
      options += fmt::format("      {}) words='{}' ;;\n", pattern, fmt::join(names, " "));
    }
    if (const Texts all = kinds_of(each.name); !all.empty()) {
      kinds += fmt::format("    {}) words='{}' ;;\n", each.name, fmt::join(all, " "));
    }
  }
  return fmt::format(
      R"script(# Completion of musicrep for bash. Written by: musicrep completion bash
_musicrep() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words=''
  local command=${{COMP_WORDS[1]:-}} kind=${{COMP_WORDS[2]:-}}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '{0} help --help --version' -- "$word")
    return
  fi
  case "$command $previous" in
    {1}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    {2}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    {3}) return ;;
  esac
  if [[ $word == -* ]]; then
    case "$command $kind" in
{4}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    return
  fi
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "$command" in
{5}    run | plan | diagnose) words=$("${{COMP_WORDS[0]}}" ls experiments 2>/dev/null | cut -d ' ' -f 1) ;;
    help) words='{0}' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    [ "${{#COMPREPLY[@]}}" -gt 0 ] && return
  fi
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}}
complete -F _musicrep musicrep
)script",
      fmt::join(names_of(commands), " "), bash_values("FOLDER"), bash_values("FILE"),
      bash_other_values(), options, kinds);
}

std::string zsh_completion(std::span<const CommandSummary> commands) {
  std::string described;
  std::string cases;
  for (const CommandSummary& each : commands) {
    described += fmt::format("    {}\n", quoted(each.name + ":" + zsh_text(each.summary)));
    cases +=
        fmt::format("    {})\n      arguments=('(-h --help)'{{-h,--help}}'[show help]'", each.name);
    for (const OptionLine& line : option_table()) {
      if (find_option(each.name, line.name) == &line) {
        cases += fmt::format("\n        {}", zsh_option(line));
      }
    }
    if (const Texts kinds = kinds_of(each.name); !kinds.empty()) {
      cases += fmt::format("\n        '1:kind:({})'", fmt::join(kinds, " "));
    } else if (takes_experiment(each.name)) {
      cases += "\n        '1:experiment:_musicrep_experiments'";
    }
    cases += "\n        '*:file:_files') ;;\n";
  }
  return fmt::format(
      R"script(#compdef musicrep
# Completion of musicrep for zsh. Written by: musicrep completion zsh
_musicrep_experiments() {{
  local -a names
  names=(${{(f)"$(musicrep ls experiments 2>/dev/null | cut -d ' ' -f 1)"}})
  compadd -a names
  _files -g '*.toml'
}}

_musicrep() {{
  local -a commands arguments
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
{}    *) return ;;
  esac
  shift words
  (( CURRENT-- ))
  _arguments -S $arguments
}}

_musicrep "$@"
)script",
      described, cases);
}

}  // namespace musicrep::cli

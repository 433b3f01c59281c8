// Completion scripts for shells, and the man page: all from the table of options.
#pragma once

#include <span>
#include <string>

namespace musicrep::cli {

/// One line of --help.
struct CommandSummary {
  std::string name;
  std::string summary;
};

/// A script that bash reads with `source`: it completes commands, kinds, options, files, folders and
/// the names of experiments.
std::string bash_completion(std::span<const CommandSummary> commands);

/// The same for zsh; the file _musicrep of a folder in its fpath.
std::string zsh_completion(std::span<const CommandSummary> commands);

/// musicrep(1), for man.
std::string man_page(std::span<const CommandSummary> commands);

}  // namespace musicrep::cli

// Audio files named on the command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace musicrep::cli {

/// What a command line's files and folders come to.
struct AudioFiles {
  std::vector<std::filesystem::path> files;
  /// What was left out, a sentence each: links that lead nowhere and, with `skip_bad`, what cannot
  /// be read or has no name in UTF-8. Where there is any, the exit code says so.
  std::vector<std::string> left_out;
  /// What was passed over and is no loss, a sentence a folder: what holds no audio, a link to what
  /// was walked.
  std::vector<std::string> remarks;
};

/// Files as they are named, folders for all files in them (core/folder_walk.h) in alphabetical
/// order. Throws DataError, beginning with the command's name, with all that is not there, cannot
/// be read, or has a name that is not UTF-8, and with folders that hold no audio.
AudioFiles collect_files(const std::string& command, const std::vector<std::string>& names,
                         bool skip_bad);

}  // namespace musicrep::cli

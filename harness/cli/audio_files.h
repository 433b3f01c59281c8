// Files that a command line names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace musicrep::cli {

/// Files as they are named, folders for all files in them in alphabetical order. Throws DataError,
/// beginning with the command's name, with all that are not there.
std::vector<std::filesystem::path> collect_files(const std::string& command,
                                                 const std::vector<std::string>& names);

}  // namespace musicrep::cli

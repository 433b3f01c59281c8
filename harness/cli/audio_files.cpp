#include "cli/audio_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

std::vector<fs::path> collect_files(const std::string& command,
                                    const std::vector<std::string>& names) {
  std::vector<fs::path> files;
  Problems problems;
  for (const std::string& name : names) {
    std::error_code none;
    if (fs::is_directory(name, none)) {
      std::vector<fs::path> inside;
      for (const auto& entry : fs::recursive_directory_iterator(name, none)) {
        if (entry.is_regular_file(none)) inside.push_back(entry.path());
      }
      if (inside.empty()) problems.add(fmt::format("the folder '{}' holds no files", name));
      std::ranges::sort(inside);
      files.insert(files.end(), inside.begin(), inside.end());
    } else if (fs::is_regular_file(name, none)) {
      files.emplace_back(name);
    } else {
      problems.add(fmt::format("there is no file or folder '{}'", name));
    }
  }
  problems.throw_if_any(command + ":");
  return files;
}

}  // namespace musicrep::cli

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "cli/commands.h"
#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

std::vector<fs::path> experiment_files() {
  std::vector<fs::path> files;
  std::error_code gone;
  const fs::path program = fs::read_symlink("/proc/self/exe", gone);
  const fs::path installed = program.parent_path().parent_path() / "share/musicrep/experiments";
  for (const fs::path& folder :
       {fs::path("experiments"), installed, fs::path(MUSICREP_EXPERIMENT_DIR)}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (entry.path().extension() != ".toml") continue;
      const bool seen = std::ranges::any_of(
          files, [&](const fs::path& file) { return file.stem() == entry.path().stem(); });
      if (!seen) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files, {}, [](const fs::path& file) { return file.stem().string(); });
  return files;
}

fs::path find_experiment(const std::string& name_or_path) {
  // A folder of that name, as in results/runs, hides no experiment.
  const bool is_file = fs::exists(name_or_path) && !fs::is_directory(name_or_path);
  if (is_file || name_or_path.ends_with(".toml")) return name_or_path;
  std::vector<std::string> names;
  for (const fs::path& file : experiment_files()) {
    if (file.stem() == name_or_path) return file;
    names.push_back(file.stem().string());
  }
  throw ConfigError(unknown_name("experiment", name_or_path, names));
}

fs::path default_cache() {
  if (const char* given = std::getenv("MUSICREP_CACHE"); given != nullptr && *given != 0) {
    return given;
  }
  if (const char* user = std::getenv("XDG_CACHE_HOME"); user != nullptr && *user != 0) {
    return fs::path(user) / "musicrep";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != 0) {
    return fs::path(home) / ".cache" / "musicrep";
  }
  return ".musicrep-cache";
}

}  // namespace musicrep::cli

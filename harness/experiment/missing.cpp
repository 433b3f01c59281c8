#include "experiment/missing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <vector>

namespace musicrep {

std::string missing_paths(const Options& options, std::span<const OptionSpec> specs) {
  std::vector<std::string> missing;
  const auto look = [&](const std::string& path) {
    std::error_code none;
    if (!path.empty() && !std::filesystem::exists(path, none)) {
      missing.push_back(fmt::format("'{}'", path));
    }
  };
  for (const OptionSpec& spec : specs) {
    const auto given = options.find(spec.name);
    if (!spec.is_path || given == options.end()) continue;
    if (const auto* text = std::get_if<std::string>(&given->second)) look(*text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&given->second)) {
      for (const std::string& path : *list) look(path);
    }
  }
  return fmt::format("{}", fmt::join(missing, " and "));
}

}  // namespace musicrep

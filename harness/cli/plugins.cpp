#include "cli/plugins.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "foreign/register.h"
#include "pipeline/experiment.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

EncoderRegistry with_plugins(const EncoderRegistry& registry, const po::variables_map& values,
                             const fs::path& experiment_file) {
  std::vector<fs::path> files;
  for (const std::string& file : values_of(values, "plugin")) files.emplace_back(file);
  if (!experiment_file.empty()) {
    for (const fs::path& file : read_experiment(experiment_file).plugins) {
      // Named in both places: meant once.
      const bool given = std::ranges::any_of(files, [&](const fs::path& other) {
        std::error_code none;
        return fs::equivalent(file, other, none);
      });
      if (!given) files.push_back(file);
    }
  }
  EncoderRegistry out = registry;
  for (const fs::path& file : files) add_plugin(out, file);
  return out;
}

}  // namespace musicrep::cli

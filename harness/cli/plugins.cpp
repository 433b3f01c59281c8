#include "cli/plugins.h"

#include <string>

#include "foreign/register.h"

namespace musicrep::cli {
namespace fs = std::filesystem;

std::vector<fs::path> plugin_files(const po::variables_map& values) {
  std::vector<fs::path> out;
  for (const std::string& file : values_of(values, "plugin")) out.emplace_back(file);
  return out;
}

EncoderRegistry with_plugins(const EncoderRegistry& registry, const std::vector<fs::path>& files) {
  EncoderRegistry out = registry;
  for (const fs::path& file : files) add_plugin(out, file);
  return out;
}

EncoderRegistry with_plugins(const EncoderRegistry& registry, const po::variables_map& values) {
  return with_plugins(registry, plugin_files(values));
}

}  // namespace musicrep::cli

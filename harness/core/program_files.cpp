#include "core/program_files.h"

#include <string>

#include "core/hash.h"

namespace musicrep {
namespace fs = std::filesystem;

// Not by the program's run path, which dlopen() does not see under the address sanitizer.
fs::path networks_file() {
  const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  for (const fs::path& file :
       {folder / "musicrep_networks.so", folder / MUSICREP_NETWORKS_DIR / "musicrep_networks.so"}) {
    if (fs::exists(file)) return file;
  }
  return {};
}

std::string program_sha256() {
  static const std::string hash = [] {
    Sha256 sha;
    sha.update_text(sha256_of_file("/proc/self/exe"));
    if (const fs::path file = networks_file(); !file.empty()) sha.update_text(sha256_of_file(file));
    return sha.hex();
  }();
  return hash;
}

}  // namespace musicrep

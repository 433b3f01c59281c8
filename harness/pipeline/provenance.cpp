#include "pipeline/provenance.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>

#include "code_version.h"
#include "musicrep/version.h"
#include "probe/fit.h"
#include "store/hdf5.h"

namespace musicrep {
namespace {

std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string compiler() {
#ifdef __clang__
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}", __VERSION__);
#endif
}

}  // namespace

std::map<std::string, std::string> code_provenance() {
  return {
      {"version", kVersion},
      {"code_commit", MUSICREP_CODE_COMMIT},
      {"code_dirty", MUSICREP_CODE_DIRTY ? "true" : "false"},
      {"compiler", compiler()},
      {"build_type", MUSICREP_BUILD_TYPE},
      {"blas", blas_description()},
      {"libsvm", libsvm_description()},
      {"hdf5", hdf5_library_version()},
      {"torch", MUSICREP_TORCH_VERSION},  // empty: built without
      {"cpu", cpu_model()},
      {"instruction_set", solver_instruction_set()},
  };
}

std::map<std::string, std::string> host_facts() {
  utsname name{};
  uname(&name);
  return {{"host", name.nodename}, {"kernel", fmt::format("{} {}", name.sysname, name.release)}};
}

}  // namespace musicrep

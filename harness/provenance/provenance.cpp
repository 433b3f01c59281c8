#include "provenance/provenance.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>

#include "code_version.h"
#include "core/kernels.h"
#include "musicrep/version.h"
#include "probe/fit.h"
#include "store/hdf5.h"

namespace musicrep {
namespace {

/// "Intel(R) Xeon(R) Processor, family 6, model 207": names alone are shared by processors that
/// differ in their caches and kernels.
std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  std::map<std::string, std::string> first;  // of the first core
  for (std::string line; std::getline(in, line) && !line.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    first[key] = colon + 2 <= line.size() ? line.substr(colon + 2) : "";
  }
  if (first["model name"].empty()) return "unknown";
  return fmt::format("{}, family {}, model {}", first["model name"], first["cpu family"],
                     first["model"]);
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
  std::map<std::string, std::string> out = {
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
  out["kernels"] = kernels_text();
  return out;
}

std::map<std::string, std::string> host_facts() {
  utsname name{};
  uname(&name);
  return {{"host", name.nodename}, {"kernel", fmt::format("{} {}", name.sysname, name.release)}};
}

}  // namespace musicrep

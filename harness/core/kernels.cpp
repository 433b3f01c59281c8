#include "core/kernels.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

// Of OpenBLAS, where the program has it.
extern "C" [[gnu::weak]] char* openblas_get_corename();

namespace musicrep {
namespace {

using Variable = std::pair<const char*, const char*>;

/// AVX2 with FMA: what OpenBLAS calls Haswell.
constexpr std::array<Variable, 3> kPortable = {{{"OPENBLAS_CORETYPE", "Haswell"},
                                                {"ATEN_CPU_CAPABILITY", "avx2"},
                                                {"ONEDNN_MAX_CPU_ISA", "AVX2"}}};

/// Set for the program that is started again, so that it is not once more.
constexpr const char* kStartedAgain = "MUSICREP_KERNELS_SET";

const char* variable(const char* name) {
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe): set before there are threads alone
}

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return false;
#endif
}

bool native_wanted() {
  const char* wanted = variable(kKernelsVariable);
  return wanted != nullptr && std::string(wanted) == "native";
}

/// OpenBLAS takes these on processors that it does not know.
bool openblas_knows_processor() {
  if (openblas_get_corename == nullptr) return true;
  const std::string core = openblas_get_corename();
  return !has_avx2() || (core != "Prescott" && core != "Core2" && core != "Generic");
}

Kernels found() {
  Kernels out;
  bool portable = has_avx2();
  for (const auto& [name, value] : kPortable) {
    const char* set = variable(name);
    if (set != nullptr) out.variables[name] = set;
    if (set == nullptr || std::string(set) != value) portable = false;
  }
  const bool safe_native = native_wanted() && variable(kStartedAgain) != nullptr;
  out.mode = portable ? "portable" : safe_native || out.variables.empty() ? "native" : "changed";
  if (!portable && !native_wanted() && !has_avx2()) {
    out.note = "this processor has no AVX2: the portable kernels need it";
  }
  if (native_wanted() && variable(kStartedAgain) != nullptr) {
    out.note = "OpenBLAS does not know this processor, and has its Haswell kernels";
  }
  if (out.mode == "native" && !native_wanted() && has_avx2()) {
    out.note = "the program could not start itself again with the portable kernels";
  }
  const char* wanted = variable(kKernelsVariable);
  if (wanted != nullptr && std::string(wanted) != "native" && std::string(wanted) != "portable") {
    out.note = fmt::format("{} is '{}', expected portable or native", kKernelsVariable, wanted);
  }
  return out;
}

/// Runs before main() and before threads, after the libraries are loaded. Where the environment
/// lacks what portable kernels need, the same program starts again with it.
[[gnu::constructor]] void pin_kernels(int /*argc*/, char** argv, char** /*environment*/) {
  if (!has_avx2() || variable(kStartedAgain) != nullptr) return;
  std::vector<Variable> wanted(kPortable.begin(), kPortable.end());
  if (native_wanted()) {
    if (openblas_knows_processor()) return;
    wanted.resize(1);  // OpenBLAS' own
  }
  // What the user set stays.
  std::erase_if(wanted, [](const Variable& v) { return variable(v.first) != nullptr; });
  if (wanted.empty()) return;
  for (const auto& [name, value] : wanted) setenv(name, value, 1);  // NOLINT(concurrency-mt-unsafe)
  setenv(kStartedAgain, "1", 1);                                    // NOLINT(concurrency-mt-unsafe)
  // By its own name, so that lists of processes show it; a file that is gone still runs under the
  // other.
  std::array<char, 4096> path{};
  if (readlink("/proc/self/exe", path.data(), path.size() - 1) > 0) execv(path.data(), argv);
  execv("/proc/self/exe", argv);
  // It cannot be started again: it goes on with the libraries' own choice, and says so.
  for (const auto& [name, value] : wanted) unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

const Kernels& kernels() {
  static const Kernels all = found();
  return all;
}

std::string kernels_text() {
  std::string out = kernels().mode;
  const char* separator = ": ";
  for (const auto& [name, value] : kernels().variables) {
    out += fmt::format("{}{}={}", std::exchange(separator, " "), name, value);
  }
  if (!kernels().note.empty()) out += fmt::format(" ({})", kernels().note);
  return out;
}

std::string kernels_key() {
  if (kernels().mode != "changed") return kernels().mode;
  std::string out = "changed";
  for (const auto& [name, value] : kernels().variables) out += fmt::format(" {}={}", name, value);
  return out;
}

}  // namespace musicrep

/// Named by the linker's options of what uses BLAS or LibTorch, so that this file is in the
/// program.
extern "C" const char musicrep_kernels_pinned = 1;

#include "pipeline/provenance.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/utsname.h>

#include <chrono>
#include <cstring>
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

// Of the first object, which is the program, the note GNU/build-id.
int take_build_id(dl_phdr_info* object, std::size_t, void* out) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(object->dlpi_addr + part.p_vaddr);
    const unsigned char* const end = at + part.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const unsigned char* const name = at + sizeof note;
      const unsigned char* const text = name + (note.n_namesz + 3U) / 4 * 4;
      at = text + (note.n_descsz + 3U) / 4 * 4;
      if (note.n_type != NT_GNU_BUILD_ID || std::memcmp(name, "GNU", 4) != 0) continue;
      for (std::size_t k = 0; k < note.n_descsz; ++k) {
        *static_cast<std::string*>(out) += fmt::format("{:02x}", text[k]);
      }
      return 1;
    }
  }
  return 1;
}

}  // namespace

std::string program_build_id() {
  std::string out;
  dl_iterate_phdr(take_build_id, &out);
  return out;
}

std::map<std::string, std::string> code_provenance() {
  return {
      {"version", kVersion},
      {"code_commit", MUSICREP_CODE_COMMIT},
      {"code_dirty", MUSICREP_CODE_DIRTY ? "true" : "false"},
      {"compiler", fmt::format("g++ {}", __VERSION__)},
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

std::string utc_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

}  // namespace musicrep

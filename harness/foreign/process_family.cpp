#include "foreign/process_family.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace musicrep {
namespace {

constexpr std::size_t kMost = 10000;  // of processes that are followed: one may start without end

}  // namespace

std::vector<pid_t> family_of(pid_t pid) {
  std::vector<pid_t> out = {pid};
  for (std::size_t k = 0; k < out.size() && out.size() < kMost; ++k) {
    std::error_code gone;
    const std::filesystem::directory_iterator threads(fmt::format("/proc/{}/task", out[k]), gone);
    if (gone) continue;
    for (auto at = begin(threads); at != end(threads); at.increment(gone)) {
      std::ifstream children(at->path() / "children");
      for (pid_t child = 0; children >> child;) out.push_back(child);
      if (gone) break;
    }
  }
  return out;
}

std::uint64_t resident_bytes_of_family(pid_t pid) {
  std::uint64_t pages = 0;
  for (const pid_t each : family_of(pid)) {
    std::ifstream in(fmt::format("/proc/{}/statm", each));
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    if (in >> size >> resident) pages += resident;
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace musicrep

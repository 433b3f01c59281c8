#include "core/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <random>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(std::string_view doing, const fs::path& path, int error_number) {
  throw DataError(fmt::format("cannot {} '{}': {}", doing, path.string(),
                              std::generic_category().message(error_number)));
}

void sync_path(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) fail("open", path, errno);
  const int rc = ::fsync(fd);
  const int saved = errno;
  ::close(fd);
  if (rc != 0) fail("flush", path, saved);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void make_folders(const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec)
    throw DataError(fmt::format("cannot make folder '{}': {}", folder.string(), ec.message()));
}

/// Names this machine since its last start, and the container: elsewhere, and earlier, process ids
/// mean others.
const std::string& machine_word() {
  static const std::string word = [] {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string boot;
    in >> boot;
    struct stat processes {};
    const bool known = ::stat("/proc/self/ns/pid", &processes) == 0;
    return fmt::format("{}x{}", boot.substr(0, boot.find('-')), known ? processes.st_ino : 0);
  }();
  return word;
}

/// Keeps threads, runs on one folder, and containers whose process ids are alike, from writing into
/// one temporary file.
std::string unique_word() {
  static const unsigned token = std::random_device{}();
  static std::atomic<unsigned> count{0};
  return fmt::format("{}-{}-{:08x}-{}", ::getpid(), machine_word(), token, count++);
}

}  // namespace

std::ifstream open_for_reading(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) {
    throw DataError(fmt::format("cannot read '{}': it is a folder, not a file", path.string()));
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("read", path, errno != 0 ? errno : ENOENT);
  return in;
}

std::string read_file(const fs::path& path) {
  std::ifstream in = open_for_reading(path);
  errno = 0;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (in.bad() || bytes.bad()) fail("read", path, errno != 0 ? errno : EIO);
  return std::move(bytes).str();
}

void write_atomically(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  const fs::path folder = folder_of(path);
  make_folders(folder);
  const fs::path temporary =
      folder / fmt::format(".{}.{}.tmp", path.filename().string(), unique_word());
  try {
    write(temporary);
    sync_path(temporary, O_RDONLY);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename into place", path, errno);
    sync_path(folder, O_RDONLY | O_DIRECTORY);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

void write_folder_atomically(const fs::path& path,
                             const std::function<void(const fs::path&)>& write) {
  const fs::path target = path.has_filename() ? path : path.parent_path();
  make_folders(folder_of(target));
  const fs::path fresh =
      folder_of(target) / fmt::format(".{}.{}.tmp", target.filename().string(), unique_word());
  try {
    make_folders(fresh);
    write(fresh);
    // In one step, so that there is a whole folder of that name at any moment.
    const bool swap = fs::exists(target);
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(),
                    swap ? RENAME_EXCHANGE : RENAME_NOREPLACE) != 0) {
      fail("rename into place", target, errno);
    }
    sync_path(folder_of(target), O_RDONLY | O_DIRECTORY);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    throw;
  }
  std::error_code ignored;  // what was there before
  fs::remove_all(fresh, ignored);
}

bool is_stale_temporary(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.starts_with('.') || path.extension() != ".tmp") return false;
  const std::string word = path.stem().extension().string();  // ".<process>-<machine>-…"
  pid_t process = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data() + (word.empty() ? 0 : 1), last, process);
  if (error != std::errc() || process <= 0) return false;
  if (!std::string_view(end, last).starts_with("-" + machine_word() + "-")) return false;
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

std::size_t remove_temporaries_of_the_dead(const fs::path& folder) {
  std::vector<fs::path> dead;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(folder, ignored), end; at != end;
       at.increment(ignored)) {
    if (ignored) break;
    if (!is_stale_temporary(at->path())) continue;
    dead.push_back(at->path());
    at.disable_recursion_pending();
  }
  std::size_t removed = 0;
  for (const fs::path& path : dead) removed += fs::remove_all(path, ignored) > 0 ? 1U : 0U;
  return removed;
}

void write_text_atomically(const fs::path& path, std::string_view text) {
  write_atomically(path, [&](const fs::path& temporary) {
    errno = 0;
    std::ofstream out(temporary, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
    if (!out) fail("write", path, errno != 0 ? errno : EIO);
  });
}

void require_writable_folder(const fs::path& folder) {
  make_folders(folder);
  const fs::path probe = folder / fmt::format(".writable.{}.tmp", unique_word());
  const int fd = ::open(probe.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) fail("write into folder", folder, errno);
  ::close(fd);
  ::unlink(probe.c_str());
}

void require_file(const fs::path& path, std::string_view what) {
  std::error_code ec;
  if (!fs::exists(path, ec)) {
    throw DataError(fmt::format("{}: there is no file '{}'", what, path.string()));
  }
  if (!fs::is_regular_file(path, ec)) {
    throw DataError(fmt::format("{}: '{}' is not a regular file", what, path.string()));
  }
}

}  // namespace musicrep

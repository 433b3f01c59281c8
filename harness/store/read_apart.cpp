#include "store/read_apart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>

#include "core/sanitized.h"
#include "musicrep/error.h"
#include "store/hdf5_internal.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

// An answer: a letter, its length, its bytes.
constexpr char kDone = 'd';
constexpr char kDataMistake = 'f';
constexpr char kUsageMistake = 'u';
constexpr char kInterrupted = 'i';
constexpr std::size_t kHeadBytes = 1 + sizeof(std::uint64_t);
constexpr int kAnswerPlace = 3;
/// Processor time: what any file may take, and how many bytes a second are slow enough.
constexpr std::uint64_t kLeast_s = 3;
constexpr std::uint64_t kSlowest = 1 << 20;

[[noreturn]] void refuse(const fs::path& path, const std::string& problem) {
  throw DataError(fmt::format("'{}': {}", path.string(), problem));
}

std::uint64_t limit_s(const fs::path& path) {
  std::error_code ec;
  const std::uintmax_t bytes = fs::file_size(path, ec);
  return kLeast_s + (ec ? 0 : bytes / kSlowest);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// The child, to its end. It holds nothing that is the parent's: neither its locks on files nor the
/// other ends of its sockets, which would stay open with it.
[[noreturn]] void answer(int out, std::uint64_t seconds, const std::function<std::string()>& read) {
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) std::signal(number, SIG_IGN);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const rlimit time{seconds, seconds + 1};
  ::setrlimit(RLIMIT_CPU, &time);
  const int nothing = ::open("/dev/null", O_RDWR);
  int silenced = 3;
  if (kAddressSanitized) {
    silenced = 2;  // its report is wanted
  } else {
    for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM, SIGXCPU}) {
      std::signal(number, SIG_DFL);
    }
  }
  for (int place = 0; place < silenced; ++place) ::dup2(nothing, place);
  if (out != kAnswerPlace) ::dup2(out, kAnswerPlace);
  ::close_range(kAnswerPlace + 1, ~0U, 0);
  char kind = kDone;
  std::string bytes;
  try {
    bytes = read();
  } catch (const Error& error) {
    kind = error.kind() == ErrorKind::kUsage         ? kUsageMistake
           : error.kind() == ErrorKind::kInterrupted ? kInterrupted
                                                     : kDataMistake;
    bytes = error.what();
  } catch (const std::bad_alloc&) {
    ::_exit(ENOMEM);
  } catch (...) {
    ::_exit(EINVAL);
  }
  std::string head(1, kind);
  const std::uint64_t length = bytes.size();
  head.append(reinterpret_cast<const char*>(&length), sizeof length);
  ::_exit(write_all(kAnswerPlace, head) && write_all(kAnswerPlace, bytes) ? 0 : EPIPE);
}

/// All that comes from `in`, to its end.
std::string read_to_end(int in) {
  std::string bytes;
  std::array<char, 1 << 16> block{};
  while (true) {
    const ssize_t n = ::read(in, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return bytes;
    if (bytes.empty() && static_cast<std::size_t>(n) >= kHeadBytes) {
      // Room at once for what is promised, or as much as may well be true.
      std::uint64_t length = 0;
      std::memcpy(&length, block.data() + 1, sizeof length);
      bytes.reserve(kHeadBytes + std::min<std::uint64_t>(length, std::uint64_t{1} << 30));
    }
    bytes.append(block.data(), static_cast<std::size_t>(n));
  }
}

/// Why a child ended without an answer.
std::string end_of(int status, std::uint64_t seconds) {
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU)) {
    return fmt::format("reading it took more than {} s of processor time; {}", seconds,
                       kDamagedOrMalicious);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == ENOMEM) {
    return fmt::format("reading it took more memory than there is; {}", kDamagedOrMalicious);
  }
  const std::string how = WIFSIGNALED(status) ? fmt::format("signal {}, {}", WTERMSIG(status),
                                                            ::sigdescr_np(WTERMSIG(status)))
                                              : fmt::format("code {}", WEXITSTATUS(status));
  return fmt::format("the HDF5 library crashed while reading it ({}); {}", how,
                     kDamagedOrMalicious);
}

}  // namespace

std::string bytes_read_apart(const fs::path& path, const std::function<std::string()>& read) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    refuse(path, "cannot create a pipe: " + std::generic_category().message(errno));
  }
  const std::uint64_t seconds = limit_s(path);
  pid_t child = -1;
  {
    // While nobody else is inside the library: the child gets it as it is.
    const hdf5::Guard guard;
    child = ::fork();
  }
  if (child == 0) answer(ends[1], seconds, read);
  const int reason = errno;
  ::close(ends[1]);
  std::string bytes = child < 0 ? std::string() : read_to_end(ends[0]);
  ::close(ends[0]);
  if (child < 0) refuse(path, "cannot start a process: " + std::generic_category().message(reason));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) refuse(path, end_of(status, seconds));
  std::uint64_t length = 0;
  if (bytes.size() < kHeadBytes) refuse(path, "the process that read it returned no response");
  const char kind = bytes[0];
  std::memcpy(&length, bytes.data() + 1, sizeof length);
  if (length != bytes.size() - kHeadBytes) {
    refuse(path, "the process that read it returned an incomplete response");
  }
  bytes.erase(0, kHeadBytes);
  if (kind == kUsageMistake) throw ConfigError(bytes);
  if (kind == kInterrupted) throw Error(ErrorKind::kInterrupted, bytes);
  if (kind != kDone) throw DataError(bytes);
  return bytes;
}

void refuse_answer(const fs::path& path, const ProtocolError& error) {
  refuse(path,
         fmt::format("the process that read it returned an invalid response: {}", error.what()));
}

}  // namespace musicrep

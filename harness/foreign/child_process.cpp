#include "foreign/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <functional>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "core/stop.h"
#include "core/utf8.h"
#include "foreign/process_family.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kMostPrinted = 4096;
constexpr std::size_t kMostTold = 600;
constexpr auto kTick = std::chrono::milliseconds(50);

[[noreturn]] void fail(const char* doing, int error_number) {
  throw DataError(
      fmt::format("cannot {}: {}", doing, std::generic_category().message(error_number)));
}

// The kernel tells a child of its parent's death when the *thread* that made it ends. So one thread
// that lasts as long as the program makes them all.
class Maker {
 public:
  static pid_t make(const std::function<pid_t()>& fork_one) {
    static Maker* const maker = new Maker;  // never destroyed: its thread uses it to the end
    return maker->run(fork_one);
  }

 private:
  Maker() {
    std::thread([this] {
      while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return task_ != nullptr; });
        result_ = (*task_)();
        task_ = nullptr;
        done_ = true;
        changed_.notify_all();
      }
    }).detach();
  }

  pid_t run(const std::function<pid_t()>& fork_one) {
    const std::lock_guard one_at_a_time(turn_);
    std::unique_lock lock(mutex_);
    task_ = &fork_one;
    done_ = false;
    changed_.notify_all();
    changed_.wait(lock, [&] { return done_; });
    return result_;
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<pid_t()>* task_ = nullptr;
  bool done_ = false;
  pid_t result_ = -1;
};

struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe", errno);
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

// All that a child becomes, prepared before the fork.
struct Program {
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  const char* folder = "";
  pid_t parent = 0;
  ChildChannel channel_kind = ChildChannel::kNone;
  int channel = -1;
  int output = -1;
  int report = -1;  ///< gets the reason of a failure
};

// Puts the descriptors of `program` where it expects them. Those at low numbers are moved out of
// the way first.
bool place_descriptors(const Program& program) {
  const int output = ::fcntl(program.output, F_DUPFD_CLOEXEC, 10);
  const int channel = program.channel < 0 ? -1 : ::fcntl(program.channel, F_DUPFD_CLOEXEC, 10);
  if (output < 0 || (program.channel >= 0 && channel < 0) || ::dup2(output, 2) < 0) return false;
  if (program.channel_kind == ChildChannel::kStandard) {
    return ::dup2(channel, 0) >= 0 && ::dup2(channel, 1) >= 0;
  }
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0) return false;
  return channel < 0 || ::dup2(channel, ChildProcess::kChannel) >= 0;
}

// Between fork and exec: nothing here may allocate or lock.
[[noreturn]] void become(const Program& program) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != program.parent) ::_exit(127);  // it died before we asked for its signal
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) ::signal(number, SIG_DFL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int report = ::fcntl(program.report, F_DUPFD_CLOEXEC, 10);
  if (place_descriptors(program) && (*program.folder == 0 || ::chdir(program.folder) == 0)) {
    ::execvpe(program.argv[0], program.argv, program.environment);
  }
  const int reason = errno;
  static_cast<void>(!::write(report, &reason, sizeof reason));
  ::_exit(127);
}

// A shell that waits for the end of the lifeline, at its standard input, and then kills the group.
[[noreturn]] void become_watcher(char* const* argv, int lifeline) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_WRONLY);
  if (::dup2(lifeline, 0) < 0 || ::dup2(nothing, 1) < 0 || ::dup2(nothing, 2) < 0) ::_exit(127);
  ::execv(argv[0], argv);
  ::_exit(127);
}

// This process's variables, with `changes` (NAME=VALUE) in place of those of the same names.
std::vector<std::string> environment_with(const std::vector<std::string>& changes) {
  std::vector<std::string> out = changes;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const std::string_view name = entry.substr(0, entry.find('=') + 1);
    const bool replaced = std::ranges::any_of(
        changes, [&](const std::string& change) { return change.starts_with(name); });
    if (!replaced) out.emplace_back(entry);
  }
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// What was printed as one line: no control characters, and no more than the end of it.
std::string as_one_line(const std::string& printed) {
  std::string out;
  for (const char c : printed) {
    const bool space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (space && (out.empty() || out.back() == ' ')) continue;
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    out += space ? ' ' : (plain ? c : '?');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() > kMostTold) out = "..." + out.substr(out.size() - kMostTold);
  if (is_utf8(out)) return out;
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return out;
}

}  // namespace

Deadline deadline_in(double seconds) {
  constexpr double kCentury = 100.0 * 365 * 24 * 3600;
  const std::chrono::duration<double> span(std::clamp(seconds, 0.0, kCentury));
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(span);
}

ChildProcess::ChildProcess(const ChildArgs& args) {
  Pipe output;
  Pipe report;
  std::array<int, 2> sockets{-1, -1};
  if (args.channel != ChildChannel::kNone &&
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    fail("make a socket", errno);
  }
  std::vector<std::string> words = args.argv;
  const std::vector<char*> argv = pointers_to(words);
  std::vector<std::string> variables = environment_with(args.environment);
  const std::vector<char*> environment = pointers_to(variables);
  const std::string folder = args.folder.string();
  const Program program{.argv = argv.data(),
                        .environment = environment.data(),
                        .folder = folder.c_str(),
                        .parent = ::getpid(),
                        .channel_kind = args.channel,
                        .channel = sockets[1],
                        .output = output.write,
                        .report = report.write};
  const pid_t pid = Maker::make([&]() -> pid_t {
    const pid_t made = ::fork();
    if (made == 0) become(program);
    return made < 0 ? -errno : made;
  });
  if (sockets[1] >= 0) ::close(sockets[1]);
  if (pid < 0) {
    if (sockets[0] >= 0) ::close(sockets[0]);
    fail("make a process", -pid);
  }
  pid_ = pid;
  channel_ = sockets[0];
  if (channel_ >= 0) ::fcntl(channel_, F_SETFL, O_NONBLOCK);
  output_ = std::exchange(output.read, -1);
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
  ::close(std::exchange(report.write, -1));
  ::close(std::exchange(output.write, -1));
  int reason = 0;
  ssize_t n = 0;
  do {
    n = ::read(report.read, &reason, sizeof reason);  // ends at the exec
  } while (n < 0 && errno == EINTR);
  if (n == sizeof reason) {
    kill();
    ::close(output_);
    if (channel_ >= 0) ::close(channel_);
    throw DataError(fmt::format("cannot run '{}'{}: {}", args.argv.front(),
                                folder.empty() ? "" : fmt::format(" in '{}'", folder),
                                std::generic_category().message(reason)));
  }
  watch();
}

// The group of a child that was killed with this process would live on: a shell kills it then.
void ChildProcess::watch() {
  Pipe lifeline;
  std::vector<std::string> words = {"/bin/sh", "-c",
                                    fmt::format("read nothing; kill -9 -{}", pid_)};
  const std::vector<char*> argv = pointers_to(words);
  const pid_t made = Maker::make([&]() -> pid_t {
    const pid_t watcher = ::fork();
    if (watcher == 0) become_watcher(argv.data(), lifeline.read);
    return watcher;
  });
  if (made < 0) return;  // no process to be had: the child itself is killed all the same
  watcher_ = made;
  lifeline_ = std::exchange(lifeline.write, -1);
}

ChildProcess::~ChildProcess() {
  kill();
  if (output_ >= 0) ::close(output_);
  if (channel_ >= 0) ::close(channel_);
}

void ChildProcess::read_output() {
  std::array<char, 4096> buffer{};
  // Bounded: a child that prints without end must not hold us here.
  for (int i = 0; output_ >= 0 && i < 64; ++i) {
    const ssize_t n = ::read(output_, buffer.data(), buffer.size());
    if (n > 0) {
      printed_.append(buffer.data(), static_cast<std::size_t>(n));
      if (printed_.size() > 2 * kMostPrinted) printed_.erase(0, printed_.size() - kMostPrinted);
    } else if (n == 0) {
      ::close(std::exchange(output_, -1));
    } else if (errno != EINTR) {
      return;
    }
  }
}

std::string ChildProcess::last_words() const { return as_one_line(printed_); }

std::string ChildProcess::last_line() const {
  const std::size_t end = printed_.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return {};
  const std::size_t begin = printed_.rfind('\n', end);
  return as_one_line(printed_.substr(begin == std::string::npos ? 0 : begin, end + 1 - begin));
}

std::uint64_t ChildProcess::resident_bytes() const {
  return pid_ < 0 || ended_ ? 0 : resident_bytes_of_family(pid_);
}

// Those that left the group are found as descendants.
void ChildProcess::kill_all() const {
  for (const pid_t pid : family_of(pid_)) {
    if (pid != pid_) ::kill(pid, SIGKILL);
  }
  ::kill(-pid_, SIGKILL);
}

// While a process that has ended is not waited for, its number and its group's are still its own:
// what it started and left behind can be killed.
bool ChildProcess::reap(bool wait) {
  while (!ended_) {
    siginfo_t found{};
    const int options = WEXITED | WNOWAIT | (wait ? 0 : WNOHANG);
    if (::waitid(P_PID, static_cast<id_t>(pid_), &found, options) != 0) {
      if (errno == EINTR) continue;
      ended_ = true;
    } else if (found.si_pid == 0) {
      return false;
    } else {
      ::kill(-pid_, SIGKILL);
      // Before its number can be another's: the watcher would kill by it.
      if (watcher_ > 0) {
        ::kill(watcher_, SIGKILL);
        while (::waitpid(watcher_, nullptr, 0) < 0 && errno == EINTR) {
        }
        watcher_ = -1;
      }
      if (lifeline_ >= 0) ::close(std::exchange(lifeline_, -1));
      while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
      }
      ended_ = true;
    }
  }
  return true;
}

bool ChildProcess::wait_until(Deadline deadline) {
  while (true) {
    throw_if_stop_requested();
    read_output();
    if (reap(false)) break;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    pollfd said{output_, POLLIN, 0};
    ::poll(&said, output_ >= 0 ? 1 : 0, 20);  // its end does not wake us: a short time
  }
  read_output();
  return true;
}

bool ChildProcess::has_ended() {
  for (int i = 0; i < 25 && !reap(false); ++i) std::this_thread::sleep_for(kTick / 5);
  read_output();
  return ended_;
}

void ChildProcess::kill() {
  if (pid_ < 0 || ended_) return;
  kill_all();
  reap(true);
  read_output();
}

std::string ChildProcess::end() const {
  if (WIFSIGNALED(status_)) {
    const int number = WTERMSIG(status_);
    return fmt::format("was killed by signal {} ({})", number, ::sigdescr_np(number));
  }
  return fmt::format("exited with code {}", WEXITSTATUS(status_));
}

bool ChildProcess::succeeded() const {
  return ended_ && WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

}  // namespace musicrep

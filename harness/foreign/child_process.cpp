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
#include <system_error>
#include <thread>
#include <utility>

#include "core/stop.h"
#include "core/utf8.h"
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

// Between fork and exec: nothing here may allocate or lock. `report` gets the reason of a failure.
[[noreturn]] void become(char* const* argv, const char* folder, pid_t parent, int channel,
                         int output, int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it died before we asked to be told
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) ::signal(number, SIG_DFL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Out of the way of the places that are given out below.
  const int output_high = ::fcntl(output, F_DUPFD_CLOEXEC, 10);
  const int channel_high = channel < 0 ? -1 : ::fcntl(channel, F_DUPFD_CLOEXEC, 10);
  const int report_high = ::fcntl(report, F_DUPFD_CLOEXEC, 10);
  const int nothing = ::open("/dev/null", O_RDONLY);
  const bool ready = !(nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output_high, 1) < 0 ||
                       ::dup2(output_high, 2) < 0 ||
                       (channel_high >= 0 && ::dup2(channel_high, ChildProcess::kChannel) < 0));
  if (ready && (*folder == 0 || ::chdir(folder) == 0)) ::execvp(argv[0], argv);
  const int reason = errno;
  static_cast<void>(!::write(report_high, &reason, sizeof reason));
  ::_exit(127);
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
  if (args.with_channel &&
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    fail("make a socket", errno);
  }
  std::vector<std::string> words = args.argv;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string folder = args.folder.string();
  const pid_t parent = ::getpid();
  const pid_t pid = Maker::make([&]() -> pid_t {
    const pid_t made = ::fork();
    if (made == 0) {
      become(argv.data(), folder.c_str(), parent, sockets[1], output.write, report.write);
    }
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

std::string ChildProcess::last_words() const {
  std::string out;
  for (const char c : printed_) {
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
  ::kill(-pid_, SIGKILL);
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

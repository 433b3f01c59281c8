// A process of foreign code: made so that it cannot outlive, block or flood its parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace musicrep {

using Deadline = std::chrono::steady_clock::time_point;

/// `seconds` from now; a century where that is more.
Deadline deadline_in(double seconds);

/// Where a child finds its end of a socket to this process.
enum class ChildChannel {
  kNone,
  kDescriptor3,  ///< at ChildProcess::kChannel
  kStandard,     ///< at its standard input and output: only standard error is what it prints
};

struct ChildArgs {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH
  std::filesystem::path folder;   ///< to run in; empty: this process's
  ChildChannel channel = ChildChannel::kNone;
  std::vector<std::string> environment = {};  ///< NAME=VALUE, in place of this process's NAME
};

/// A child in a process group of its own. The destructor kills the group and all descendants of the
/// child; where this process ends in whatever way, the kernel kills the child and a watching
/// process its group. It reads nothing from the terminal; what it prints (stdout and stderr) is
/// read, and its end kept.
class ChildProcess {
 public:
  static constexpr int kChannel = 3;

  /// Throws DataError where there can be no process or no such program.
  explicit ChildProcess(const ChildArgs& args);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// This process's end of the channel, not blocking; -1 without one.
  [[nodiscard]] int channel() const { return channel_; }
  /// Where it prints; -1 once it has closed it.
  [[nodiscard]] int output() const { return output_; }
  /// Reads what it has printed so far.
  void read_output();
  /// The last of what it printed, one line to be put behind a message; or empty.
  [[nodiscard]] std::string last_words() const;
  /// The last line of what it printed, in the same form: where a program ends with a traceback, the
  /// reason.
  [[nodiscard]] std::string last_line() const;
  /// The end of what it printed as it is.
  [[nodiscard]] const std::string& printed() const { return printed_; }

  /// Waits for its end. False: the deadline came first. Throws Error(kInterrupted) on request.
  bool wait_until(Deadline deadline);
  /// Bytes of memory that it and its descendants have in use now; pages that they share count for
  /// each.
  [[nodiscard]] std::uint64_t resident_bytes() const;
  /// Kills it, its group and its descendants where it still runs.
  void kill();
  /// How it ended, after kill() or a wait: "exited with code 3", "was killed by signal 11
  /// (Segmentation fault)".
  [[nodiscard]] std::string end() const;
  [[nodiscard]] bool succeeded() const;
  /// Whether it has ended by itself, waiting for that no longer than a moment.
  bool has_ended();

 private:
  bool reap(bool wait);
  void watch();
  void kill_all() const;

  pid_t pid_ = -1;
  pid_t watcher_ = -1;
  int lifeline_ = -1;  // its other end, in the watcher, is at its end when this process is
  int channel_ = -1;
  int output_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::string printed_;
};

}  // namespace musicrep

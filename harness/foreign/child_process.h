// A process of foreign code: made so that it cannot outlive, block or flood its parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace musicrep {

using Deadline = std::chrono::steady_clock::time_point;

/// `seconds` from now; a century where that is more.
Deadline deadline_in(double seconds);

struct ChildArgs {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH
  std::filesystem::path folder;   ///< to run in; empty: this process's
  bool with_channel = false;      ///< a socket stands at its descriptor 3
};

/// A child in a process group of its own, killed with it by the destructor, and by the kernel when
/// this process ends in whatever way. It reads nothing from the terminal; what it prints (stdout
/// and stderr) is read, and its end kept.
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

  /// Waits for its end. False: the deadline came first. Throws Error(kInterrupted) on request.
  bool wait_until(Deadline deadline);
  /// Kills it and its group where it still runs.
  void kill();
  /// How it ended, after kill() or a wait: "exited with code 3", "was killed by signal 11
  /// (Segmentation fault)".
  [[nodiscard]] std::string end() const;
  [[nodiscard]] bool succeeded() const;
  /// Whether it has ended by itself, waiting for that no longer than a moment.
  bool has_ended();

 private:
  bool reap(bool wait);

  pid_t pid_ = -1;
  int channel_ = -1;
  int output_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::string printed_;
};

}  // namespace musicrep

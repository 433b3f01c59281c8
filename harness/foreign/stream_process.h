// A program that stays: started once, asked for the vectors of many batches.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "foreign/child_process.h"
#include "foreign/stream_message.h"

namespace musicrep {

/// What is started.
struct StreamCommand {
  std::vector<std::string> argv;
  std::filesystem::path folder;
  std::vector<std::string> environment;
  /// Files that it needs beside it, {name, content}: written to a folder of its own, whose path
  /// replaces {program} in `argv` and `environment`.
  std::vector<std::pair<std::string, std::string>> files;

  bool operator==(const StreamCommand&) const = default;
};

/// What each call may cost.
struct ProgramLimits {
  double time_s = 0;
  std::uint64_t memory_bytes = 0;
};

/// Why there is no answer; one line, without the encoder's name.
class StreamFailure : public std::runtime_error {
 public:
  /// `item`: that the program itself named; empty: none. `is_usable`: it can be asked again.
  StreamFailure(const std::string& reason, std::string item, bool is_usable)
      : std::runtime_error(reason), item_(std::move(item)), is_usable_(is_usable) {}
  [[nodiscard]] const std::string& item() const { return item_; }
  [[nodiscard]] bool is_usable() const { return is_usable_; }

 private:
  std::string item_;
  bool is_usable_;
};

/// What a program returned in one call.
struct ProgramVectors {
  std::vector<ProgramArray> arrays;  ///< one of each signal
  std::vector<std::string> layers;   ///< names, or empty
};

/// One process of a command. Calls come one after the other, from any thread. Whatever goes wrong
/// is a StreamFailure, and where the program cannot be asked again it is killed; its whole output
/// is then in the log.
class StreamProcess {
 public:
  /// Starts it; it has not said a word yet. Throws StreamFailure.
  explicit StreamProcess(const StreamCommand& command);
  ~StreamProcess();
  StreamProcess(const StreamProcess&) = delete;
  StreamProcess& operator=(const StreamProcess&) = delete;

  /// Its first line, which is waited for as long as a call may take.
  StreamHello hello(const ProgramLimits& limits);
  ProgramVectors encode(std::span<const Signal> signals, InputKind input,
                        const ProgramLimits& limits);
  [[nodiscard]] bool is_usable() const { return child_ != nullptr; }
  /// Memory in use by it and all that it started. Not during a call.
  [[nodiscard]] std::uint64_t resident_bytes() const {
    return child_ == nullptr ? 0 : child_->resident_bytes();
  }

 private:
  class Call;
  void need_hello(const ProgramLimits& limits);
  [[noreturn]] void fail(const std::string& reason);

  std::mutex mutex_;
  std::filesystem::path files_;  // folder of its own, or empty
  std::unique_ptr<ChildProcess> child_;
  std::optional<StreamHello> hello_;
};

/// The process of a command, shared by all who ask for an equal one in this program: a model is
/// loaded once for all data sets. Of those that nobody uses the latest two are kept, and more as
/// long as they have a quarter of the machine's memory together and are on no other device, whose
/// memory is not known here. All end with the program.
std::shared_ptr<StreamProcess> stream_process(const StreamCommand& command);

}  // namespace musicrep

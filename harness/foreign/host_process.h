// The parent's side: a child that hosts an external encoder, asked one thing at a time.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "foreign/child_process.h"
#include "foreign/messages.h"

namespace musicrep {

/// Why a request has no answer. After `usage` the child is still good.
class HostFailure : public std::runtime_error {
 public:
  HostFailure(const std::string& reason, bool is_usage)
      : std::runtime_error(reason), is_usage_(is_usage) {}
  [[nodiscard]] bool is_usage() const { return is_usage_; }

 private:
  bool is_usage_;
};

/// A child of this same program.
class HostProcess {
 public:
  /// Starts it. Throws DataError or HostFailure where it does not come up.
  HostProcess();

  /// The answer's bytes. Throws HostFailure where it refuses, ends, answers with no message, or has
  /// not answered within `limit_s`; Error(kInterrupted) on request. It is of no more use then.
  std::string call(Request request, const std::string& bytes, double limit_s);

 private:
  [[noreturn]] void fail(const std::string& reason);
  void send_some(const std::string& bytes, std::size_t& sent);

  ChildProcess child_;
};

/// Children between calls. No more than a few are kept: an encoder's memory is not small.
class HostPool {
 public:
  /// An idle child of `owner`, or null.
  std::unique_ptr<HostProcess> take(const void* owner);
  void give_back(const void* owner, std::unique_ptr<HostProcess> host);
  /// Ends all that `owner` has.
  void forget(const void* owner);

 private:
  std::mutex mutex_;
  std::list<std::pair<const void*, std::unique_ptr<HostProcess>>> idle_;  // the newest first
};

}  // namespace musicrep

// How a run reports what it is doing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace musicrep {

/// (done, in all) of one step's items, fits or training steps. Called from any thread, one call at
/// a time.
using ProgressFunction = std::function<void(std::size_t, std::size_t)>;

/// Receives the progress of a run, from any thread, one call at a time.
class Progress {
 public:
  virtual ~Progress() = default;
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// How many times begin() will be called.
  virtual void plan(std::size_t n_steps) = 0;
  virtual void begin(const std::string& step) = 0;
  /// `done` of `total` fits or items of the current step have finished.
  virtual void update(std::size_t done, std::size_t total) = 0;
  /// The step is over: run, found in the store, or refused with a reason.
  virtual void end(const std::string& outcome) = 0;
};

}  // namespace musicrep

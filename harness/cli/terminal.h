// Progress: one line that moves on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "graph/progress.h"

namespace musicrep::cli {

/// Prints to standard error, so that standard output holds results alone.
class TerminalProgress final : public Progress {
 public:
  /// Without a terminal, a line every `line_every` says how far a step is.
  explicit TerminalProgress(bool quiet,
                            std::chrono::milliseconds line_every = std::chrono::minutes(1));
  ~TerminalProgress() override;
  void plan(std::size_t n_steps) override;
  void begin(const std::string& step) override;
  void update(std::size_t done, std::size_t total) override;
  void end(const std::string& outcome) override;

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const std::string& tail);
  [[nodiscard]] std::string head() const;

  std::mutex mutex_;
  bool quiet_;
  bool live_;  // a terminal that can move its cursor
  bool drawn_ = false;
  std::size_t n_steps_ = 0;
  std::size_t step_number_ = 0;
  std::string step_;
  Clock::time_point begun_;
  Clock::time_point last_shown_;
  Clock::duration pause_;  // between two states of one step
  Clock::time_point last_logged_;
};

/// 3 s, 2 min 05 s, 1 h 02 min.
std::string duration_text(double seconds);

}  // namespace musicrep::cli

#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "core/event_log.h"

namespace musicrep::cli {
namespace {

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

TerminalProgress::TerminalProgress(bool quiet, std::chrono::milliseconds line_every)
    : quiet_(quiet) {
  const char* term = std::getenv("TERM");
  live_ = isatty(STDERR_FILENO) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
  pause_ = live_ ? std::chrono::milliseconds(100) : line_every;
}

TerminalProgress::~TerminalProgress() {
  if (drawn_) fmt::print(stderr, "\n");
}

void TerminalProgress::plan(std::size_t n_steps) { n_steps_ = n_steps; }

std::string TerminalProgress::head() const {
  if (n_steps_ == 0) return step_;
  const auto width = fmt::format("{}", n_steps_).size();
  return fmt::format("[{:>{}}/{}] {}", step_number_, width, n_steps_, step_);
}

void TerminalProgress::draw(const std::string& tail) {
  std::string line = head() + tail;
  const std::size_t width = terminal_width();
  if (line.size() >= width) line.resize(width - 1);
  fmt::print(stderr, "\r\033[K{}", line);
  drawn_ = true;
}

void TerminalProgress::begin(const std::string& step) {
  const std::lock_guard lock(mutex_);
  ++step_number_;
  step_ = step;
  log_event(LogLevel::kInfo, step_, "", "begins");
  begun_ = last_shown_ = Clock::now();
  if (live_ && !quiet_) draw(" …");
}

void TerminalProgress::update(std::size_t done, std::size_t total) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (logs(LogLevel::kDebug) && (done == total || now - last_logged_ > std::chrono::seconds(1))) {
    last_logged_ = now;
    log_event(LogLevel::kDebug, step_, "", fmt::format("{} of {}", done, total));
  }
  if (quiet_ || now - last_shown_ < pause_) return;
  last_shown_ = now;
  const double elapsed = std::chrono::duration<double>(now - begun_).count();
  const double left = elapsed / static_cast<double>(std::max<std::size_t>(1, done)) *
                      static_cast<double>(total - done);
  const std::string state = fmt::format("  {}/{}, about {} left", done, total, duration_text(left));
  if (live_) {
    draw(state);
  } else {
    fmt::print(stderr, "{}{}\n", head(), state);
  }
}

void TerminalProgress::end(const std::string& outcome) {
  const std::lock_guard lock(mutex_);
  log_event(LogLevel::kInfo, step_, "", outcome);
  if (quiet_) return;
  const double elapsed = std::chrono::duration<double>(Clock::now() - begun_).count();
  if (live_) fmt::print(stderr, "\r\033[K");
  fmt::print(stderr, "{}: {}  ({})\n", head(), outcome, duration_text(elapsed));
  drawn_ = false;
}

}  // namespace musicrep::cli

#include "core/event_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>

#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr std::array kNames = {"off", "error", "warning", "info", "debug"};

// Open until the program ends: a training's last events come from threads that are still at work
// when main() has returned.
std::atomic<int> log_fd{-1};
std::atomic<LogLevel> log_level{LogLevel::kOff};

std::string one_field(std::string_view text) {
  std::string out(text.empty() ? "-" : text);
  std::ranges::replace_if(
      out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return out;
}

}  // namespace

void open_event_log(const fs::path& file, LogLevel level) {
  if (level == LogLevel::kOff) return;
  std::error_code ec;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ec);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) {
    throw DataError(fmt::format("cannot write the log '{}': {}", file.string(),
                                std::generic_category().message(errno)));
  }
  if (const int before = log_fd.exchange(fd); before >= 0) ::close(before);
  log_level = level;
}

bool logs(LogLevel level) noexcept { return level <= log_level.load(); }

void log_event(LogLevel level, std::string_view step, std::string_view item,
               std::string_view event) noexcept {
  if (!logs(level)) return;
  try {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::string line = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z\t{}\t{}\t{}\t{}\n",
                                         fmt::gmtime(static_cast<std::time_t>(ms / 1000)),
                                         ms % 1000, kNames.at(static_cast<std::size_t>(level)),
                                         one_field(step), one_field(item), one_field(event));
    // In one call, so that lines of several processes do not mix.
    [[maybe_unused]] const auto written = ::write(log_fd.load(), line.data(), line.size());
  } catch (...) {  // no memory for a line: the run itself will say so
    return;
  }
}

}  // namespace musicrep

// Structured event log, one tab-separated line per event.
#pragma once

#include <filesystem>
#include <string_view>

namespace musicrep {

enum class LogLevel { kOff, kError, kWarning, kInfo, kDebug };

/// From now on events up to `level` are added to the end of `file`; the folders to it are made.
/// Throws DataError with the path and the system's reason. With kOff, as without a call, they go
/// nowhere.
void open_event_log(const std::filesystem::path& file, LogLevel level);

/// Whether events of `level` are logged. Check it before building an expensive text.
[[nodiscard]] bool logs(LogLevel level) noexcept;

/// Adds a line of five fields with tabs between them: UTC time to the millisecond, level, step,
/// item ("-" where there is none), event. Tabs and line ends inside fields become spaces. From any
/// thread; processes that share a file do not cut each other's lines. Logging never fails a run:
/// that it cannot be written to stops nothing.
void log_event(LogLevel level, std::string_view step, std::string_view item,
               std::string_view event) noexcept;

}  // namespace musicrep

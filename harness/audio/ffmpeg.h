// The program ffmpeg, which reads what no library here does: found in PATH, run without a shell.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace musicrep {

/// Where it is; empty where it is not installed.
std::filesystem::path ffmpeg_program();

/// What it calls itself: "5.1.9-0+deb12u1"; empty where it is not installed, or does not say.
std::string ffmpeg_version();

/// AudioInfo::reading of files that it reads: "ffmpeg 5.1.9-0+deb12u1".
std::string ffmpeg_reading();
/// Whether a reading is that of any ffmpeg.
bool is_ffmpeg_reading(std::string_view reading);

/// ffmpeg at work on one file: floats of all channels, in a wav file without end.
class FfmpegProcess {
 public:
  /// Throws DataError, naming the file, where it cannot be started.
  FfmpegProcess(const std::filesystem::path& program, const std::filesystem::path& audio);
  /// Kills it where it still runs.
  ~FfmpegProcess();
  FfmpegProcess(const FfmpegProcess&) = delete;
  FfmpegProcess& operator=(const FfmpegProcess&) = delete;

  /// Up to out.size() bytes of what it writes, 0 at the end. Throws DataError where it is silent
  /// for a minute, and Error(kInterrupted) on request.
  std::size_t read(std::span<char> out);
  /// After the end: whether all went well. Waits for it.
  bool succeeded();
  /// What it said.
  [[nodiscard]] const std::string& messages() const { return messages_; }

 private:
  void read_messages();

  std::filesystem::path audio_;
  int child_ = -1;
  int output_ = -1;
  int errors_ = -1;
  int status_ = -1;
  std::string messages_;
};

}  // namespace musicrep

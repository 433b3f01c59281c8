#include "audio/ffmpeg.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/stop.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kReading = "ffmpeg ";
constexpr std::chrono::seconds kLongestSilence{60};
constexpr std::size_t kMostMessages = std::size_t{1} << 16;

/// Readers of files that hold audio themselves: no playlists, which could name other files.
constexpr const char* kDemuxers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf,asf_o,aac,loas,ac3,eac3,dts,dtshd,truehd,wv,ape,tta,"
    "tak,mpc,mpc8,dsf,iff,flv,live_flv,rm,amr,amrnb,amrwb,avi,mpegts,mpeg,ogg,wav,w64,aiff,caf,au,"
    "nistsphere,voc,flac";

/// It ends with what is wrong, tells it with its level, reads nothing but the file itself, and uses
/// the same arithmetic with any number of threads; all streams of sound are asked for, because wav
/// holds one and a second must not be dropped.
constexpr const char* kBeforeName =
    "-nostdin -hide_banner -nostats -loglevel level+info -xerror -threads 1 -flags +bitexact "
    "-protocol_whitelist file -format_whitelist";
constexpr const char* kBehindName =
    "-map 0:a -vn -map_metadata -1 -fflags +bitexact -c:a pcm_f32le -f wav pipe:1";

void append_words(const std::string& text, std::vector<std::string>& words) {
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

/// Starts a program in a process group of its own that inherits nothing but the two pipes' ends and
/// no terminal. Returns 0 or the system's error.
int start(const std::vector<std::string>& words, int output, int errors, pid_t& child) {
  std::vector<std::string> copy = words;
  std::vector<char*> argv;
  for (std::string& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  sigset_t defaults;
  sigset_t none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&defaults, number);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int error =
      ::posix_spawn(&child, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int wait_for(pid_t child) {
  int status = -1;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string first_line_of(const fs::path& program) {
  Pipe output;
  pid_t child = -1;
  const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const int error = start({program.string(), "-version"}, output.ends[1], nothing, child);
  ::close(nothing);
  ::close(std::exchange(output.ends[1], -1));
  if (error != 0) return "";
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() < kMostMessages) {
    const ssize_t n = ::read(output.ends[0], buffer.data(), buffer.size());
    if (n == 0 || (n < 0 && errno != EINTR)) break;
    if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  wait_for(child);
  return text.substr(0, text.find('\n'));
}

}  // namespace

fs::path ffmpeg_program() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.empty()) continue;
    const fs::path program = fs::path(folder) / "ffmpeg";
    std::error_code none;
    if (fs::is_regular_file(program, none) && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

std::string ffmpeg_version() {
  static std::mutex mutex;
  static std::map<fs::path, std::string> known;
  const fs::path program = ffmpeg_program();
  if (program.empty()) return "";
  const std::lock_guard lock(mutex);
  const auto [at, is_new] = known.try_emplace(program);
  if (is_new) {
    constexpr std::string_view kHead = "ffmpeg version ";
    const std::string line = first_line_of(program);
    if (line.starts_with(kHead)) {
      at->second = line.substr(kHead.size(), line.find(' ', kHead.size()) - kHead.size());
    }
  }
  return at->second;
}

std::string ffmpeg_reading() { return kReading + ffmpeg_version(); }

bool is_ffmpeg_reading(std::string_view reading) { return reading.starts_with(kReading); }

FfmpegProcess::FfmpegProcess(const fs::path& program, const fs::path& audio) : audio_(audio) {
  Pipe output;
  Pipe errors;
  std::error_code none;
  const fs::path absolute = fs::absolute(audio, none);
  std::vector<std::string> words = {program.string()};
  append_words(kBeforeName, words);
  // "file:" keeps a name from being taken for an option or for an address.
  words.insert(words.end(), {kDemuxers, "-i", "file:" + absolute.string()});
  append_words(kBehindName, words);
  const int error = output.ends[1] < 0 || errors.ends[1] < 0
                        ? errno
                        : start(words, output.ends[1], errors.ends[1], child_);
  if (error != 0) {
    throw DataError(fmt::format("'{}': cannot run '{}': {}", audio.string(), program.string(),
                                std::generic_category().message(error)));
  }
  output_ = std::exchange(output.ends[0], -1);
  errors_ = std::exchange(errors.ends[0], -1);
  ::fcntl(errors_, F_SETFL, O_NONBLOCK);
}

FfmpegProcess::~FfmpegProcess() {
  if (child_ > 0) {
    ::kill(-child_, SIGKILL);
    ::kill(child_, SIGKILL);
    wait_for(child_);
  }
  if (output_ >= 0) ::close(output_);
  if (errors_ >= 0) ::close(errors_);
}

void FfmpegProcess::read_messages() {
  std::array<char, 4096> buffer{};
  while (errors_ >= 0) {
    const ssize_t n = ::read(errors_, buffer.data(), buffer.size());
    if (n > 0 && messages_.size() < kMostMessages) {
      messages_.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
      ::close(std::exchange(errors_, -1));
    } else if (n < 0 && errno == EAGAIN) {
      return;
    }
  }
}

std::size_t FfmpegProcess::read(std::span<char> out) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + kLongestSilence;
  while (true) {
    throw_if_stop_requested();
    std::array<pollfd, 2> waited = {pollfd{output_, POLLIN, 0}, pollfd{errors_, POLLIN, 0}};
    ::poll(waited.data(), waited.size(), 100);
    read_messages();
    if (waited[0].revents != 0) {
      const ssize_t n = ::read(output_, out.data(), out.size());
      if (n >= 0) return static_cast<std::size_t>(n);
    }
    if (Clock::now() < deadline) continue;
    throw DataError(fmt::format("'{}': ffmpeg gave nothing for {} seconds and was stopped",
                                audio_.string(), kLongestSilence.count()));
  }
}

bool FfmpegProcess::succeeded() {
  // It has nothing more to write; should it try, it ends by a signal.
  if (output_ >= 0) ::close(std::exchange(output_, -1));
  const auto deadline = std::chrono::steady_clock::now() + kLongestSilence;
  while (child_ > 0) {
    read_messages();
    const pid_t ended = ::waitpid(child_, &status_, WNOHANG);
    if (ended == child_ || (ended < 0 && errno != EINTR)) child_ = -1;
    if (child_ < 0) break;
    if (std::chrono::steady_clock::now() > deadline) ::kill(child_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  read_messages();
  return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

}  // namespace musicrep

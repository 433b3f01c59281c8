#include "foreign/stream_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <list>
#include <system_error>

#include "core/event_log.h"
#include "core/files.h"
#include "core/stop.h"
#include "foreign/channel.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr int kTickMs = 50;  // how long a request to stop may go unseen
constexpr auto kMemoryTick = std::chrono::milliseconds(200);
constexpr std::size_t kPiece = 1 << 16;
constexpr std::size_t kAlwaysIdle = 2;
constexpr std::size_t kMostIdle = 16;
constexpr double kIdleShareOfMemory = 0.25;
constexpr const char* kFolderMark = "{program}";

std::string replaced(std::string text, const std::string& folder) {
  for (auto at = text.find(kFolderMark); at != std::string::npos; at = text.find(kFolderMark)) {
    text.replace(at, std::string(kFolderMark).size(), folder);
  }
  return text;
}

std::uint64_t physical_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool is_on_processor(const StreamCommand& command) {
  return std::ranges::none_of(command.environment, [](const std::string& entry) {
    return entry.starts_with("MUSICREP_DEVICE=") && entry != "MUSICREP_DEVICE=cpu";
  });
}

fs::path write_files(const StreamCommand& command) {
  if (command.files.empty()) return {};
  std::error_code error;
  const fs::path temporary = fs::temp_directory_path(error);
  std::string name = (temporary / "musicrep-program-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    throw StreamFailure(fmt::format("cannot make the folder '{}': {}", name,
                                    std::generic_category().message(errno)),
                        "", false);
  }
  for (const auto& [file, text] : command.files) write_text_atomically(fs::path(name) / file, text);
  return name;
}

}  // namespace

/// One exchange: bytes out, one line and the bytes after it in.
class StreamProcess::Call {
 public:
  Call(StreamProcess& of, const ProgramLimits& limits)
      : of_(of), limits_(limits), deadline_(deadline_in(limits.time_s)) {}

  void send(std::span<const std::string_view> pieces) {
    pieces_.assign(pieces.begin(), pieces.end());
  }

  /// What comes up to the next end of a line. Everything is sent meanwhile.
  std::string line() {
    while (true) {
      if (const auto end = received_.find('\n', looked_at_); end != std::string::npos) {
        std::string out = received_.substr(0, end);
        received_.erase(0, end + 1);
        return out;
      }
      looked_at_ = received_.size();
      if (received_.size() > kLongestLine) {
        of_.fail(
            fmt::format("found more than {} bytes on its standard output without an end of a "
                        "line, expected a line of JSON",
                        kLongestLine));
      }
      wait(kLongestLine);
    }
  }

  std::string bytes(std::uint64_t n) {
    while (received_.size() < n) wait(n - received_.size());
    if (received_.size() > n || sent_ < pieces_.size()) {
      of_.fail(
          "found bytes behind its answer on its standard output, expected none: print to "
          "standard error instead");
    }
    return std::move(received_);
  }

 private:
  ChildProcess& child() { return *of_.child_; }

  void check_limits() {
    throw_if_stop_requested();
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline_) {
      of_.fail(fmt::format("it did not answer within {:g} s and was stopped", limits_.time_s));
    }
    if (limits_.memory_bytes == 0 || now < next_memory_) return;
    next_memory_ = now + kMemoryTick;
    if (child().resident_bytes() > limits_.memory_bytes) {
      of_.fail(fmt::format("it used more than {:.3g} GB of memory and was stopped",
                           static_cast<double>(limits_.memory_bytes) / 1e9));
    }
  }

  // Sends and receives what goes without waiting, after waiting for one of them.
  void wait(std::uint64_t most) {
    check_limits();
    std::array<pollfd, 2> waiting{{{child().channel(), POLLIN, 0}, {child().output(), POLLIN, 0}}};
    if (sent_ < pieces_.size()) waiting[0].events |= POLLOUT;
    ::poll(waiting.data(), waiting.size(), kTickMs);
    if ((waiting[1].revents & (POLLIN | POLLHUP)) != 0) child().read_output();
    if ((waiting[0].revents & POLLOUT) != 0) send_some();
    if ((waiting[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) return;
    const std::size_t old = received_.size();
    received_.resize(old + std::min<std::uint64_t>(most, kPiece));
    const ssize_t n =
        ::recv(child().channel(), received_.data() + old, received_.size() - old, MSG_DONTWAIT);
    const int reason = errno;
    received_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n > 0 || (n < 0 && (reason == EAGAIN || reason == EINTR))) return;
    const bool ended = child().has_ended();
    std::string text = ended ? "its process " + child().end() : "its process closed its output";
    if (const std::string last = child().last_line(); !last.empty()) {
      text += "; it last printed: " + last;
    }
    of_.fail(text);
  }

  void send_some() {
    while (sent_ < pieces_.size()) {
      std::string_view& piece = pieces_[sent_];
      const ssize_t n =
          ::send(child().channel(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0) return;  // a child that has gone is seen when its answer is read
      piece.remove_prefix(static_cast<std::size_t>(n));
      if (piece.empty()) ++sent_;
    }
  }

  StreamProcess& of_;
  ProgramLimits limits_;
  Deadline deadline_;
  std::chrono::steady_clock::time_point next_memory_;
  std::vector<std::string_view> pieces_;
  std::size_t sent_ = 0;  // of pieces_, all of which are not empty
  std::string received_;
  std::size_t looked_at_ = 0;
};

StreamProcess::StreamProcess(const StreamCommand& command) {
  try {
    files_ = write_files(command);
    StreamCommand made = command;
    for (std::string& word : made.argv) word = replaced(word, files_.string());
    for (std::string& entry : made.environment) entry = replaced(entry, files_.string());
    child_ = std::make_unique<ChildProcess>(ChildArgs{.argv = made.argv,
                                                      .folder = made.folder,
                                                      .channel = ChildChannel::kStandard,
                                                      .environment = made.environment});
  } catch (const DataError& error) {
    std::error_code none;
    if (!files_.empty()) fs::remove_all(files_, none);
    throw StreamFailure(error.what(), "", false);
  }
}

StreamProcess::~StreamProcess() {
  child_.reset();
  std::error_code none;
  if (!files_.empty()) fs::remove_all(files_, none);
}

void StreamProcess::fail(const std::string& reason) {
  child_->kill();
  log_event(LogLevel::kError, "", "",
            fmt::format("{}; all that it last printed: {}", reason, child_->printed()));
  child_.reset();
  throw StreamFailure(reason, "", false);
}

void StreamProcess::need_hello(const ProgramLimits& limits) {
  if (hello_) return;
  if (child_ == nullptr) throw StreamFailure("its process has ended", "", false);
  try {
    Call call(*this, limits);
    hello_ = parse_stream_hello(call.line());
    call.bytes(0);
  } catch (const ProtocolError& error) {
    fail(error.what());
  }
}

StreamHello StreamProcess::hello(const ProgramLimits& limits) {
  const std::lock_guard lock(mutex_);
  need_hello(limits);
  return *hello_;
}

ProgramVectors StreamProcess::encode(std::span<const Signal> signals, InputKind input,
                                     const ProgramLimits& limits) {
  const std::lock_guard lock(mutex_);
  need_hello(limits);
  if (child_ == nullptr) throw StreamFailure("its process has ended", "", false);
  const std::string request = stream_request(signals, input);
  std::vector<std::string_view> pieces = {request};
  for (const Signal& signal : signals) {
    if (signal.values.empty()) continue;
    pieces.emplace_back(reinterpret_cast<const char*>(signal.values.data()),
                        signal.values.size_bytes());
  }
  try {
    Call call(*this, limits);
    call.send(pieces);
    const StreamAnswer answer = parse_stream_answer(call.line(), signals.size());
    const std::string bytes = call.bytes(answer.bytes);
    if (answer.error.empty()) return {stream_arrays(answer, bytes), answer.layers};
    log_event(LogLevel::kError, "", answer.item,
              answer.trace.empty() ? answer.error : answer.trace);
    throw StreamFailure(answer.error, answer.item, true);
  } catch (const ProtocolError& error) {
    fail(error.what());
  }
}

std::shared_ptr<StreamProcess> stream_process(const StreamCommand& command) {
  static std::mutex mutex;
  static std::list<std::pair<StreamCommand, std::shared_ptr<StreamProcess>>> all;  // latest first
  const std::lock_guard lock(mutex);
  auto at = std::ranges::find(all, command, [](const auto& entry) { return entry.first; });
  if (at != all.end() && at->second->is_usable()) {
    all.splice(all.begin(), all, at);
    return all.front().second;
  }
  if (at != all.end()) all.erase(at);
  // Room first: models need not fit into memory together with another.
  const auto budget =
      static_cast<std::uint64_t>(kIdleShareOfMemory * static_cast<double>(physical_memory_bytes()));
  std::size_t n_idle = 0;
  std::uint64_t idle_bytes = 0;
  for (at = all.begin(); at != all.end();) {
    if (at->second.use_count() > 1) {
      ++at;
      continue;
    }
    ++n_idle;
    idle_bytes += at->second->resident_bytes();
    const bool may_stay = n_idle < kAlwaysIdle || (n_idle < kMostIdle && idle_bytes <= budget &&
                                                   is_on_processor(at->first));
    at = may_stay ? std::next(at) : all.erase(at);
  }
  all.emplace_front(command, std::make_shared<StreamProcess>(command));
  return all.front().second;
}

}  // namespace musicrep

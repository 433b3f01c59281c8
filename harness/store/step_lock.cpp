#include "store/step_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "core/event_log.h"
#include "core/stop.h"

namespace musicrep {
namespace {

constexpr auto kPause = std::chrono::milliseconds(50);

// A byte of one file for each key: nothing is left behind that would have to be distinguished from
// what is in use.
flock byte_of(const std::string& key) {
  assert(key.size() == 64);
  flock range{};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(std::stoull(key.substr(0, 15), nullptr, 16));
  range.l_len = 1;
  return range;
}

}  // namespace

StepLock::StepLock(const ArtefactStore& store, const std::string& key, const std::string& step) {
  std::error_code ignored;
  std::filesystem::create_directories(store.root(), ignored);
  fd_ = ::open((store.root() / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) return;
  flock range = byte_of(key);
  bool is_logged = false;
  // Of the open file, not of the process: threads of one run wait for each other, too.
  while (::fcntl(fd_, F_OFD_SETLK, &range) != 0 && (errno == EAGAIN || errno == EACCES)) {
    if (!is_logged)
      log_event(LogLevel::kInfo, step, "", "waiting: another run is executing this step");
    is_logged = true;
    std::this_thread::sleep_for(kPause);
    try {
      throw_if_stop_requested();
    } catch (...) {
      ::close(fd_);
      throw;
    }
  }
}

StepLock::~StepLock() {
  if (fd_ >= 0) ::close(fd_);  // the lock goes with it
}

}  // namespace musicrep

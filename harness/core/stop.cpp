#include "core/stop.h"

#include <atomic>

#include "musicrep/error.h"

namespace musicrep {
namespace {
std::atomic<int> stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);
}  // namespace

void request_stop(int signal_number) noexcept { stop_signal.store(signal_number); }

int stop_requested() noexcept { return stop_signal.load(); }

void throw_if_stop_requested() {
  if (stop_requested() != 0) {
    throw Error(ErrorKind::kInterrupted,
                "stopped by request; run the same command again to continue");
  }
}

}  // namespace musicrep

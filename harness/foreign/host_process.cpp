#include "foreign/host_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/parallel.h"
#include "core/stop.h"
#include "foreign/channel.h"
#include "foreign/host.h"

namespace musicrep {
namespace {

constexpr int kTickMs = 50;            // how long a request to stop may go unseen
constexpr double kStartLimit_s = 120;  // of this program alone; no limit of a user's counts it

}  // namespace

HostProcess::HostProcess()
    : child_({.argv = {"/proc/self/exe", kHostCommand},
              .folder = {},
              .channel = ChildChannel::kDescriptor3}) {
  call(Request::kHello, "", kStartLimit_s);
}

void HostProcess::fail(const std::string& reason) {
  child_.kill();
  const std::string words = child_.last_words();
  throw HostFailure(words.empty() ? reason : fmt::format("{}; it last printed: {}", reason, words),
                    false);
}

// As much as goes without waiting.
void HostProcess::send_some(const std::string& bytes, std::size_t& sent) {
  const ssize_t n = ::send(child_.channel(), bytes.data() + sent, bytes.size() - sent,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0) sent += static_cast<std::size_t>(n);
  // A child that has gone is seen when its answer is read.
}

std::string HostProcess::call(Request request, const std::string& bytes, double limit_s) {
  const Deadline deadline = deadline_in(limit_s);
  const std::string header = message_header(static_cast<std::uint32_t>(request), bytes.size());
  std::size_t header_sent = 0;
  std::size_t sent = 0;
  MessageReader reader(kLongestAnswer);
  std::array<char, 1 << 16> buffer{};
  try {
    while (!reader.is_complete()) {
      throw_if_stop_requested();
      if (std::chrono::steady_clock::now() >= deadline) {
        fail(fmt::format("it did not return within {:g} s and was stopped", limit_s));
      }
      const bool to_send = header_sent < header.size() || sent < bytes.size();
      std::array<pollfd, 2> waiting{{{child_.channel(), POLLIN, 0}, {child_.output(), POLLIN, 0}}};
      if (to_send) waiting[0].events |= POLLOUT;
      ::poll(waiting.data(), waiting.size(), kTickMs);
      child_.read_output();
      if (waiting[0].revents & POLLOUT) {
        if (header_sent < header.size()) {
          send_some(header, header_sent);
        } else if (sent < bytes.size()) {
          send_some(bytes, sent);
        }
      }
      if (!(waiting[0].revents & (POLLIN | POLLHUP | POLLERR))) continue;
      const std::size_t most = std::min<std::uint64_t>(reader.missing(), buffer.size());
      const ssize_t n = ::recv(child_.channel(), buffer.data(), most, MSG_DONTWAIT);
      if (n > 0) {
        reader.add({buffer.data(), static_cast<std::size_t>(n)});
      } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        const bool ended = child_.has_ended();
        fail(ended ? "its process " + child_.end() : "its process closed its channel");
      }
    }
    const Message answer = reader.take();
    if (answer.kind == static_cast<std::uint32_t>(Answer::kDone)) return answer.bytes;
    if (answer.kind != static_cast<std::uint32_t>(Answer::kRefused)) {
      throw ProtocolError(fmt::format("found a message of kind {}", answer.kind));
    }
    auto refusal = unpack<Refusal>(answer.bytes);
    refusal.reason = safe_text(std::move(refusal.reason));
    if (refusal.usage) throw HostFailure(refusal.reason, true);
    child_.read_output();
    fail(refusal.reason);
  } catch (const ProtocolError& error) {
    fail(fmt::format("its process answered with something else than an answer: {}", error.what()));
  }
}

std::unique_ptr<HostProcess> HostPool::take(const void* owner) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find(idle_, owner, [](const auto& entry) { return entry.first; });
  if (at == idle_.end()) return nullptr;
  std::unique_ptr<HostProcess> host = std::move(at->second);
  idle_.erase(at);
  return host;
}

void HostPool::give_back(const void* owner, std::unique_ptr<HostProcess> host) {
  static const std::size_t most = 2 * available_processors() + 2;
  std::unique_ptr<HostProcess> oldest;  // ended outside the lock
  const std::lock_guard lock(mutex_);
  idle_.emplace_front(owner, std::move(host));
  if (idle_.size() > most) {
    oldest = std::move(idle_.back().second);
    idle_.pop_back();
  }
}

void HostPool::forget(const void* owner) {
  const std::lock_guard lock(mutex_);
  idle_.remove_if([&](const auto& entry) { return entry.first == owner; });
}

}  // namespace musicrep

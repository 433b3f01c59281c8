// Messages through a socket: a header of 16 bytes (magic, kind, length), then as many bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "foreign/packing.h"

namespace musicrep {

struct Message {
  std::uint32_t kind = 0;
  std::string bytes;
};

/// Longer answers are refused unread: 2 GiB, a matrix of 2 million vectors of 128.
inline constexpr std::uint64_t kLongestAnswer = std::uint64_t{1} << 31;

/// The header of a message.
std::string message_header(std::uint32_t kind, std::uint64_t n_bytes);

/// Collects one message from pieces of any size. Memory grows with what has come, not with what is
/// promised.
class MessageReader {
 public:
  explicit MessageReader(std::uint64_t longest) : longest_(longest) {}
  /// How many bytes of the message are still to come, as far as is known.
  [[nodiscard]] std::uint64_t missing() const;
  /// Throws ProtocolError on a header that is none, or a message that is too long.
  void add(std::string_view piece);
  [[nodiscard]] bool is_complete() const { return header_ && missing() == 0; }
  [[nodiscard]] Message take();

 private:
  std::uint64_t longest_;
  bool header_ = false;
  std::uint32_t kind_ = 0;
  std::uint64_t length_ = 0;
  std::string bytes_;
};

/// Reads one message from `fd`, blocking; nothing where the other end is closed. Throws
/// ProtocolError, also where it is closed in the middle.
std::optional<Message> receive_message(int fd, std::uint64_t longest);

/// Writes one message to `fd`, blocking. Throws ProtocolError where nobody listens.
void send_message(int fd, std::uint32_t kind, const std::string& bytes);

}  // namespace musicrep

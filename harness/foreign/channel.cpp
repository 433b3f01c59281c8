#include "foreign/channel.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>

namespace musicrep {
namespace {

constexpr std::uint32_t kMagic = 0x5045524d;  // "MREP"
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kPiece = 1 << 16;

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw ProtocolError("the other process does not listen");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string message_header(std::uint32_t kind, std::uint64_t n_bytes) {
  Packer packer;
  packer(kMagic);
  packer(kind);
  packer(n_bytes);
  return packer.take();
}

std::uint64_t MessageReader::missing() const {
  return (header_ ? length_ : kHeaderBytes) - bytes_.size();
}

void MessageReader::add(std::string_view piece) {
  assert(piece.size() <= missing());
  bytes_.append(piece);
  if (header_ || missing() > 0) return;
  Unpacker header(bytes_);
  const auto magic = header.next<std::uint32_t>();
  kind_ = header.next<std::uint32_t>();
  length_ = header.next<std::uint64_t>();
  if (magic != kMagic) throw ProtocolError("found bytes that are no message");
  if (length_ > longest_) {
    throw ProtocolError(
        fmt::format("found a message of {} bytes, expected {} or less", length_, longest_));
  }
  header_ = true;
  bytes_.clear();
}

Message MessageReader::take() {
  assert(is_complete());
  return {kind_, std::move(bytes_)};
}

std::optional<Message> receive_message(int fd, std::uint64_t longest) {
  MessageReader reader(longest);
  std::array<char, kPiece> buffer{};
  bool begun = false;
  while (!reader.is_complete()) {
    const std::size_t most = std::min<std::uint64_t>(reader.missing(), buffer.size());
    const ssize_t n = ::recv(fd, buffer.data(), most, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (begun) throw ProtocolError("the other process went in the middle of a message");
      return std::nullopt;
    }
    begun = true;
    reader.add({buffer.data(), static_cast<std::size_t>(n)});
  }
  return reader.take();
}

void send_message(int fd, std::uint32_t kind, const std::string& bytes) {
  send_all(fd, message_header(kind, bytes.size()));
  send_all(fd, bytes);
}

}  // namespace musicrep

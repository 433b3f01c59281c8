// Protocol Buffers on the wire (protobuf.dev, "Encoding"): as much as checkpoints need.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.h"

namespace musicrep {

/// Takes a variable-length number from the front; empty where it does not end within 10 bytes.
inline std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) == 0) {
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

/// The fields of a message, one after the other.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : left_(message) {}

  /// Goes to the next field; false at the end, and where the message is damaged.
  bool next() {
    if (left_.empty()) return false;
    const auto tag = take_varint(left_);
    if (!tag || (*tag >> 3) == 0) return fail();
    field_ = *tag >> 3;
    type_ = static_cast<int>(*tag & 7);
    std::uint64_t n = 0;
    switch (type_) {
      case 0: {
        const auto value = take_varint(left_);
        if (!value) return fail();
        number_ = *value;
        return true;
      }
      case 1:
        n = 8;
        break;
      case 2: {
        const auto length = take_varint(left_);
        if (!length) return fail();
        n = *length;
        break;
      }
      case 5:
        n = 4;
        break;
      default:
        return fail();
    }
    if (n > left_.size()) return fail();
    bytes_ = left_.substr(0, n);
    left_.remove_prefix(n);
    return true;
  }

  [[nodiscard]] std::uint64_t field() const { return field_; }
  /// Whether the field holds a text, a message or packed numbers.
  [[nodiscard]] bool is_bytes() const { return type_ == 2; }
  [[nodiscard]] bool is_number() const { return type_ == 0; }
  /// A field of fixed width, or one of bytes.
  [[nodiscard]] std::string_view bytes() const { return type_ == 0 ? std::string_view() : bytes_; }
  [[nodiscard]] std::uint64_t number() const { return type_ == 0 ? number_ : 0; }
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  bool fail() {
    damaged_ = true;
    return false;
  }

  std::string_view left_;
  std::string_view bytes_;
  std::uint64_t field_ = 0;
  std::uint64_t number_ = 0;
  int type_ = 0;
  bool damaged_ = false;
};

}  // namespace musicrep

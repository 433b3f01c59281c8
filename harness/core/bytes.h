// Little-endian and big-endian decoding of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace musicrep {

/// The first `n` bytes, 8 at most, as a little-endian number.
inline std::uint64_t little_endian(std::string_view bytes, std::size_t n) {
  std::uint64_t value = 0;
  for (std::size_t i = n; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace musicrep

// The checksum of TensorFlow's files.
#pragma once

#include <cstdint>
#include <string_view>

namespace musicrep {

/// CRC-32C (Castagnoli polynomial; RFC 3720, appendix B.4) of bytes.
std::uint32_t crc32c(std::string_view bytes);

/// The checksum that record files and tables store: crc32c() turned right by 15 bits, plus
/// 0xa282ead8.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace musicrep

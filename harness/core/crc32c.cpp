#include "core/crc32c.h"

#include <array>

#include "core/bytes.h"

namespace musicrep {
namespace {

constexpr std::size_t kSlices = 8;

using Tables = std::array<std::array<std::uint32_t, 256>, kSlices>;

// Table s holds the checksum of a byte that s zero bytes follow (slicing by 8: Kounavis and Berry,
// "A Systematic Approach to Building High Performance, Software-based, CRC Generators", ISCC 2005).
constexpr Tables make_tables() {
  constexpr std::uint32_t kReversedPolynomial = 0x82F63B78U;
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kReversedPolynomial : 0U);
    }
    tables[0][byte] = crc;
  }
  for (std::size_t s = 1; s < kSlices; ++s) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[s - 1][byte];
      tables[s][byte] = (before >> 8) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}
constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  while (bytes.size() >= kSlices) {
    const std::uint64_t block = little_endian(bytes, kSlices) ^ crc;
    crc = 0;
    for (std::size_t s = 0; s < kSlices; ++s) {
      crc ^= kTables[kSlices - 1 - s][(block >> (8 * s)) & 0xFFU];
    }
    bytes.remove_prefix(kSlices);
  }
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xFFU];
  }
  return crc ^ 0xFFFFFFFFU;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

}  // namespace musicrep

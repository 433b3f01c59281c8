#include "datasets/tfrecord.h"

#include <fmt/format.h>

#include <array>

namespace musicrep {
namespace {

constexpr std::size_t kSlices = 8;
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kHeaderBytes = kLengthBytes + kChecksumBytes;

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

/// The first `n` bytes as a little-endian number.
std::uint64_t little_endian(std::string_view bytes, std::size_t n) {
  std::uint64_t value = 0;
  for (std::size_t i = n; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The problem with the checksum that follows `bytes` of `checked` bytes; empty where it fits.
std::string checksum_problem(std::string_view bytes, std::size_t checked) {
  const auto found = static_cast<std::uint32_t>(little_endian(bytes.substr(checked), 4));
  const std::uint32_t expected = masked_crc32c(bytes.substr(0, checked));
  if (found == expected) return {};
  return fmt::format("found the checksum {:08x}, expected {:08x}", found, expected);
}

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

std::string where(const std::filesystem::path& path, const TfRecord& record) {
  return fmt::format("'{}', record {} at byte {}", path.string(), record.number, record.offset);
}

std::vector<TfRecord> split_tfrecords(std::string_view bytes, const std::filesystem::path& path,
                                      Problems& problems) {
  std::vector<TfRecord> records;
  TfRecord record;
  while (record.offset < bytes.size()) {
    ++record.number;
    const std::string_view rest = bytes.substr(record.offset);
    const auto damaged = [&](const std::string& what) {
      problems.add(fmt::format("{}: {}", where(path, record), what));
    };
    if (rest.size() < kHeaderBytes) {
      damaged(fmt::format("found {} bytes, expected a record's {} bytes of length and checksum",
                          rest.size(), kHeaderBytes));
      break;
    }
    if (const std::string problem = checksum_problem(rest, kLengthBytes); !problem.empty()) {
      damaged(
          fmt::format("the length is damaged: {}; the rest of the file cannot be read", problem));
      break;
    }
    const std::uint64_t length = little_endian(rest, kLengthBytes);
    const std::size_t left = rest.size() - kHeaderBytes;
    if (left < kChecksumBytes || length > left - kChecksumBytes) {
      damaged(fmt::format("found {} bytes after the length, expected {} of data and {} of checksum",
                          left, length, kChecksumBytes));
      break;
    }
    record.data = rest.substr(kHeaderBytes, length);
    const std::string problem = checksum_problem(rest.substr(kHeaderBytes), length);
    if (problem.empty()) {
      records.push_back(record);
    } else {
      damaged(fmt::format("the data is damaged: {}", problem));
    }
    record.offset += kHeaderBytes + length + kChecksumBytes;
  }
  return records;
}

}  // namespace musicrep

#include "datasets/tfrecord.h"

#include <fmt/format.h>

#include "core/bytes.h"
#include "core/crc32c.h"

namespace musicrep {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kHeaderBytes = kLengthBytes + kChecksumBytes;

/// The problem with the checksum that follows `bytes` of `checked` bytes; empty where it fits.
std::string checksum_problem(std::string_view bytes, std::size_t checked) {
  const auto found = static_cast<std::uint32_t>(little_endian(bytes.substr(checked), 4));
  const std::uint32_t expected = masked_crc32c(bytes.substr(0, checked));
  if (found == expected) return {};
  return fmt::format("found the checksum {:08x}, expected {:08x}", found, expected);
}

}  // namespace

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

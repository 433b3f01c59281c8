#include "weights/tf_table.h"

#include <fmt/format.h>

#include <fstream>

#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/files.h"
#include "musicrep/error.h"
#include "weights/wire.h"

namespace musicrep {
namespace {

constexpr std::size_t kFooterBytes = 48;
constexpr std::string_view kMagic = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
constexpr std::size_t kTrailerBytes = 5;  // the compression's number and a checksum

/// The last bytes of a file, as many as a footer has; fewer where it is shorter.
std::string end_of(const std::filesystem::path& path) {
  require_file(path, "TensorFlow checkpoint");
  std::ifstream in = open_for_reading(path);
  in.seekg(-static_cast<std::streamoff>(kFooterBytes), std::ios::end);
  std::string footer(kFooterBytes, '\0');
  if (!in.read(footer.data(), kFooterBytes)) footer.clear();
  return footer;
}

}  // namespace

bool TfTable::is_table(const std::filesystem::path& path) { return end_of(path).ends_with(kMagic); }

TfTable::TfTable(std::filesystem::path path) : path_(std::move(path)) {
  const std::string footer = end_of(path_);
  if (!footer.ends_with(kMagic)) {
    throw DataError(fmt::format(
        "'{}' is not a TensorFlow table, or is cut short: it does not end in a table's footer",
        path_.string()));
  }
  bytes_ = std::filesystem::file_size(path_);
  std::string_view rest = footer;
  further_ = handle(rest);
  index_ = handle(rest);
}

void TfTable::refuse(const Block& block, const std::string& problem) const {
  throw DataError(fmt::format("'{}': block of {} bytes at byte {}: {}", path_.string(), block.size,
                              block.offset, problem));
}

TfTable::Block TfTable::handle(std::string_view& bytes) const {
  const auto offset = take_varint(bytes);
  const auto size = offset ? take_varint(bytes) : std::nullopt;
  if (!size) throw DataError(fmt::format("'{}': the place of a block is damaged", path_.string()));
  const Block block{.offset = *offset, .size = *size};
  const std::uint64_t room = bytes_ - kFooterBytes;
  if (block.offset > room || block.size > room - block.offset ||
      room - block.offset - block.size < kTrailerBytes) {
    refuse(block, fmt::format("does not lie in the file of {} bytes", bytes_));
  }
  return block;
}

std::string TfTable::read(const Block& block) const {
  std::string bytes(block.size + kTrailerBytes, '\0');
  std::ifstream in = open_for_reading(path_);
  in.seekg(static_cast<std::streamoff>(block.offset));
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    refuse(block, "cannot be read");
  }
  const std::string_view trailer = std::string_view(bytes).substr(block.size);
  const auto found = static_cast<std::uint32_t>(little_endian(trailer.substr(1), 4));
  const std::uint32_t expected = masked_crc32c(std::string_view(bytes).substr(0, block.size + 1));
  if (found != expected) {
    refuse(block,
           fmt::format("damaged: found the checksum {:08x}, expected {:08x}", found, expected));
  }
  if (trailer[0] != 0) {
    refuse(block, fmt::format("is compressed (method {}), as checkpoints are not",
                              static_cast<int>(static_cast<unsigned char>(trailer[0]))));
  }
  bytes.resize(block.size);
  return bytes;
}

void TfTable::entries(const Block& block,
                      const std::function<void(std::string_view, std::string_view)>& visit) const {
  const std::string bytes = read(block);
  // Entries, then the places of those whose keys are whole (4 bytes each), then how many those are.
  if (bytes.size() < 4) refuse(block, "is too short");
  const std::uint64_t n_restarts =
      little_endian(std::string_view(bytes).substr(bytes.size() - 4), 4);
  if (n_restarts > bytes.size() / 4 - 1) refuse(block, "has a damaged end");
  std::string_view left(bytes.data(), bytes.size() - 4 * (n_restarts + 1));
  std::string key;
  for (bool first = true; !left.empty(); first = false) {
    const auto shared = take_varint(left);
    const auto own = shared ? take_varint(left) : std::nullopt;
    const auto length = own ? take_varint(left) : std::nullopt;
    if (!length || *shared > key.size() || *own > left.size() || *length > left.size() - *own) {
      refuse(block, "has a damaged entry");
    }
    std::string next = key.substr(0, *shared);
    next += left.substr(0, *own);
    if (!first && next <= key) refuse(block, "has keys out of order");
    key = std::move(next);
    visit(key, left.substr(*own, *length));
    left.remove_prefix(*own + *length);
  }
}

void TfTable::for_each(const std::function<void(std::string_view, std::string_view)>& visit) const {
  static_cast<void>(read(further_));
  std::string last;
  bool first = true;
  std::uint64_t end = 0;  // of the block before: none may be read twice
  entries(index_, [&](std::string_view, std::string_view value) {
    const Block block = handle(value);
    if (block.offset < end) refuse(block, "overlaps the block before");
    end = block.offset + block.size + kTrailerBytes;
    entries(block, [&](std::string_view key, std::string_view data) {
      if (!first && key <= last) refuse(block, "has keys out of order");
      first = false;
      last = key;
      visit(key, data);
    });
  });
}

}  // namespace musicrep

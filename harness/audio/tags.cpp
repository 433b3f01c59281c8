#include "audio/tags.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/bytes.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kId3v1 = 128;
constexpr std::uint64_t kApeHeader = 32;
constexpr std::uint64_t kId3Header = 10;

/// ID3v2 (id3.org, 2.4.0, 3.1): seven bits a byte, a footer where bit 4 of the flags is set.
std::uint64_t id3_size(std::string_view head) {
  std::uint64_t size = 0;
  for (std::size_t i = 6; i < kId3Header; ++i) {
    size = (size << 7) | (static_cast<unsigned char>(head[i]) & 0x7FU);
  }
  return size + kId3Header + ((static_cast<unsigned char>(head[5]) & 0x10U) != 0 ? kId3Header : 0);
}

/// One tag that ends at `end`: where it begins.
std::uint64_t before_tag(AudioBytes& bytes, std::uint64_t begin, std::uint64_t end) {
  const auto at = [&](std::uint64_t back) { return end - back; };
  const auto fits = [&](std::uint64_t size) { return size <= end - begin; };
  if (fits(kId3v1) && bytes.has(at(kId3v1), "TAG")) return at(kId3v1);
  if (fits(kApeHeader) && bytes.has(at(kApeHeader), "APETAGEX")) {
    const std::string_view foot = bytes.view(at(kApeHeader), kApeHeader);
    const bool has_header = (static_cast<unsigned char>(foot[23]) & 0x80U) != 0;
    const std::uint64_t size = little_endian(foot.substr(12), 4) + (has_header ? kApeHeader : 0);
    if (size >= kApeHeader && fits(size)) return at(size);
  }
  if (fits(kId3Header) && bytes.has(at(kId3Header), "3DI")) {
    const std::uint64_t size = id3_size(bytes.view(at(kId3Header), kId3Header));
    if (fits(size) && bytes.has(at(size), "ID3")) return at(size);
  }
  if (fits(15) && bytes.has(at(9), "LYRICS200")) {  // its size is before that, in six digits
    const std::string_view digits = bytes.view(at(15), 6);
    std::uint64_t size = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (fits(size + 15) && bytes.has(at(size + 15), "LYRICSBEGIN")) return at(size + 15);
  }
  return end;
}

}  // namespace

std::uint64_t behind_tag(AudioBytes& bytes, std::uint64_t offset) {
  const std::string_view head = bytes.view(offset, kApeHeader);
  std::uint64_t end = offset;
  if (head.starts_with("ID3") && head.size() >= kId3Header) {
    end = offset + id3_size(head);
  } else if (head.starts_with("APETAGEX") && head.size() >= kApeHeader) {
    // Its size counts the footer, which some write without: look before believing it.
    const std::uint64_t footer = offset + little_endian(head.substr(12), 4);
    end = offset + kApeHeader;
    if (footer >= end && bytes.has(footer, "APETAGEX")) end = footer + kApeHeader;
  } else if (head.starts_with("TAG") && bytes.size() - offset >= kId3v1) {
    end = offset + kId3v1;
  }
  return std::min(end, bytes.size());
}

std::uint64_t behind_tags(AudioBytes& bytes, std::uint64_t offset) {
  while (true) {
    const std::uint64_t next = behind_tag(bytes, offset);
    if (next == offset) return offset;
    offset = next;
  }
}

std::uint64_t before_tags(AudioBytes& bytes, std::uint64_t begin, std::uint64_t end) {
  while (true) {
    const std::uint64_t next = before_tag(bytes, begin, end);
    if (next == end) return end;
    end = next;
  }
}

}  // namespace musicrep

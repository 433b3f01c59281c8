#include "audio/ogg_pages.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "core/bytes.h"

namespace musicrep {
namespace {

constexpr std::size_t kHeader = 27;
constexpr unsigned kBegins = 2;
constexpr unsigned kEnds = 4;

struct Page {
  std::uint64_t bytes = 0;  // 0: there is none
  unsigned flags = 0;
  std::uint32_t stream = 0;
  std::uint32_t number = 0;  // in its stream
};

Page page_at(AudioBytes& bytes, std::uint64_t at) {
  const std::string_view head = bytes.view(at, kHeader + 255);
  Page page;
  if (head.size() < kHeader || !head.starts_with("OggS")) return page;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  const std::size_t segments = byte(26);
  if (head.size() < kHeader + segments) return page;
  page.bytes = kHeader + segments;
  for (std::size_t s = 0; s < segments; ++s) page.bytes += byte(kHeader + s);
  page.flags = byte(5);
  page.stream = static_cast<std::uint32_t>(little_endian(head.substr(14), 4));
  page.number = static_cast<std::uint32_t>(little_endian(head.substr(18), 4));
  return page;
}

}  // namespace

std::uint64_t check_ogg_pages(AudioBytes& bytes, std::uint64_t begin) {
  struct Stream {
    std::uint32_t next = 0;
    bool ended = false;
  };
  std::map<std::uint32_t, Stream> streams;
  bool is_past_beginning = false;
  std::uint64_t at = begin;
  while (at < bytes.size()) {
    const Page page = page_at(bytes, at);
    if (page.bytes == 0 || at + page.bytes > bytes.size()) break;
    const bool begins = (page.flags & kBegins) != 0;
    if (begins && is_past_beginning) {
      bytes.fail(fmt::format(
          "a second stream is chained to the first at byte {}, expected one; cut the file there",
          at));
    }
    is_past_beginning = is_past_beginning || !begins;
    Stream& stream = streams[page.stream];
    if (!begins && page.number != stream.next) {
      bytes.fail(fmt::format("damaged at byte {}: found page {} of its ogg stream, expected {}", at,
                             page.number, stream.next));
    }
    stream = {page.number + 1, (page.flags & kEnds) != 0};
    at += page.bytes;
  }
  bool all_ended = !streams.empty();
  for (const auto& [number, stream] : streams) all_ended = all_ended && stream.ended;
  if (all_ended) return at;
  // Something else is there: damage, where pages follow it, and the end otherwise.
  constexpr std::size_t kStep = std::size_t{1} << 16;
  for (std::uint64_t from = at + 1; from < bytes.size(); from += kStep) {
    const std::size_t found = bytes.view(from, kStep + 3).find("OggS");
    if (found != std::string_view::npos && at != begin) {
      bytes.fail(fmt::format(
          "damaged at byte {}: found bytes that are not a page of its ogg stream; the next page is at byte {}",
          at, from + found));
    }
  }
  bytes.fail("truncated: the last page of its ogg stream is missing or cut off");
}

}  // namespace musicrep

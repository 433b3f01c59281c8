#include "audio/declared_sizes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace musicrep {
namespace {

void hold(const AudioBytes& bytes, const char* format, std::uint64_t promised, std::uint64_t from) {
  const std::uint64_t held = bytes.size() > from ? bytes.size() - from : 0;
  if (promised <= held) return;
  bytes.fail(
      fmt::format("truncated: its {} header promises {} bytes, found {}", format, promised, held));
}

/// The number behind a name in a header of text: "sample_count -i 132300"; 0 where it is not there.
std::uint64_t number_after(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + name.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

void check_nist(AudioBytes& bytes, std::uint64_t begin) {
  const std::string header(bytes.view(begin, 1024));
  const std::uint64_t header_bytes = number_after(header, "NIST_1A\n");
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;  // their product stays a number
  const std::uint64_t count = std::min(kMost, number_after(header, "sample_count -i "));
  const std::uint64_t width = std::clamp<std::uint64_t>(
      number_after(header, "sample_n_bytes -i ") * number_after(header, "channel_count -i "), 1,
      1024);
  hold(bytes, "nist", count * width, begin + header_bytes);
}

void check_avr(AudioBytes& bytes, std::uint64_t begin) {
  constexpr std::uint64_t kHeader = 128;
  const std::string_view header = bytes.view(begin, kHeader);
  if (header.size() < kHeader) bytes.fail("truncated: its avr header is cut off");
  const std::uint64_t channels = big_endian(header.substr(12), 2) == 0 ? 1 : 2;
  const std::uint64_t width = big_endian(header.substr(14), 2) / 8;
  hold(bytes, "avr", big_endian(header.substr(26), 4) * channels * width, begin + kHeader);
}

void check_avi(AudioBytes& bytes, std::uint64_t begin) {
  const std::uint64_t promised = little_endian(bytes.view(begin + 4, 4), 4);
  constexpr std::uint64_t kUnknownFrom = 0x7FFFF000;  // it was written into a pipe
  if (promised < kUnknownFrom) hold(bytes, "avi", promised, begin + 8);
}

}  // namespace musicrep

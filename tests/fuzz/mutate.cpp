#include "mutate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace musicrep::fuzz {
namespace {

/// Sizes that readers get wrong: none, too many, and what wraps round.
constexpr std::array<std::uint64_t, 12> kNumbers = {
    0,          1,          0x7F,       0xFF,        0xFFFF,      0x7FFFFFFF,
    0x80000000, 0xFFFFFFFF, 1ULL << 40, 1ULL << 61U, 1ULL << 63U, ~0ULL};
/// What stands for much in texts.
constexpr std::array<std::string_view, 12> kTexts = {
    "1099511627776", "-1",       "1e999",   "nan",      "\"", "'", "\n",
    "\\u0000",       "[[[[[[[[", "{\"a\":", "\xff\xfe", ","};

void damage(std::string& bytes, Random& random) {
  const auto place = [&] { return bytes.empty() ? 0 : random.below(bytes.size()); };
  const auto part = [&](std::size_t at) {
    const std::size_t most = random.below(2) == 0 ? 16 : bytes.size();
    return 1 + random.below(std::max<std::size_t>(1, std::min(bytes.size() - at, most)));
  };
  const std::size_t at = place();
  if (bytes.empty()) bytes = "x";
  switch (random.below(9)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    case 1:
      bytes[at] = static_cast<char>(random.below(256));
      break;
    case 2:
    case 3: {  // a number of 1 to 8 bytes, in both orders
      const std::uint64_t number = kNumbers[random.below(kNumbers.size())];
      const std::size_t width = std::size_t{1} << random.below(4);
      const bool big = random.below(2) == 1;
      for (std::size_t i = 0; i < width && at + i < bytes.size(); ++i) {
        const std::size_t shift = 8 * (big ? width - 1 - i : i);
        bytes[at + i] = static_cast<char>((number >> shift) & 0xFF);
      }
      break;
    }
    case 4:
      bytes.resize(at);
      break;
    case 5:
      bytes.erase(at, part(at));
      break;
    case 6:
      bytes.insert(place(), bytes.substr(at, part(at)));
      break;
    case 7:
      bytes.insert(at, kTexts[random.below(kTexts.size())]);
      break;
    default: {  // a part over another
      const std::string moved = bytes.substr(at, part(at));
      const std::size_t to = place();
      bytes.replace(to, std::min(moved.size(), bytes.size() - to), moved);
    }
  }
}

}  // namespace

std::string mutated(std::string bytes, Random& random) {
  for (std::uint64_t n = 1 + random.below(4); n > 0; --n) damage(bytes, random);
  if (bytes.size() > kLongest) bytes.resize(kLongest);
  return bytes;
}

}  // namespace musicrep::fuzz

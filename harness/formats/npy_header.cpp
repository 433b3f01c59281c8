#include "formats/npy_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "musicrep/error.h"

namespace musicrep {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw DataError(fmt::format("'{}': {}", name, what));
}

/// Takes the text apart from its beginning.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, NpyArray& array) : rest_(text), array_(array) {}

  void parse() {
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(has_descr, true)) {
        parse_type();
      } else if (key == "fortran_order" && !std::exchange(has_order, true)) {
        parse_order();
      } else if (key == "shape" && !std::exchange(has_shape, true)) {
        parse_shape();
      } else {
        damaged(fmt::format("the key '{}' is unknown or duplicated", key));
      }
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (!rest_.empty()) damaged("found more text after its end");
    if (!has_descr || !has_order || !has_shape) {
      damaged("expected the keys 'descr', 'fortran_order' and 'shape'");
    }
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    fail(array_.name, "damaged .npy header: " + what);
  }

  void skip_space() {
    const std::size_t n = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(n, rest_.size()));
  }

  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!take(c)) damaged(fmt::format("found '{}', expected '{}'", rest_.substr(0, 12), c));
  }

  std::string quoted() {
    skip_space();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    const std::size_t end = rest_.empty() ? std::string_view::npos : rest_.find(quote, 1);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos) {
      damaged(fmt::format("found '{}', expected a text in quotes", rest_.substr(0, 12)));
    }
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  void parse_order() {
    skip_space();
    for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(std::strlen(word));
      array_.fortran_order = value;
      return;
    }
    damaged(fmt::format("found '{}', expected True or False", rest_.substr(0, 12)));
  }

  void parse_shape() {
    expect('(');
    while (!take(')')) {
      skip_space();
      std::size_t size = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc()) {
        damaged(fmt::format("found '{}', expected a size", rest_.substr(0, 12)));
      }
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      take('L');  // a long integer of Python 2
      array_.shape.push_back(size);
      if (take(',')) continue;
      expect(')');
      break;
    }
  }

  void parse_type() {
    skip_space();
    if (rest_.starts_with('[')) fail(array_.name, "structured types (fields) are not read");
    const std::string descr = quoted();
    if (descr == "|O" || descr == "O") {
      fail(array_.name, "found Python objects ('|O'); pickled objects are not read");
    }
    NpyType& type = array_.type;
    std::size_t count = 0;
    const char* end = descr.data() + descr.size();
    const bool well_formed = descr.size() >= 3 &&
                             std::string_view("<>|=").find(descr[0]) != std::string_view::npos &&
                             std::from_chars(descr.data() + 2, end, count).ptr == end;
    if (well_formed) {
      type.kind = descr[1];
      type.big_endian = descr[0] == '>';
      type.item_bytes = type.kind == 'U' ? saturating_product(count, 4) : count;
    }
    if (!well_formed || !is_known(type) ||
        (descr[0] == '|' && type.item_bytes > 1 && type.kind != 'S')) {
      fail(array_.name,
           fmt::format("found the type '{}', expected f4, f8, i1 to i8, u1 to u8, b1, U or S",
                       descr));
    }
  }

  static bool is_known(const NpyType& type) {
    switch (type.kind) {
      case 'f':
        return type.item_bytes == 4 || type.item_bytes == 8;
      case 'i':
      case 'u':
        return type.item_bytes <= 8 && std::has_single_bit(type.item_bytes);
      case 'b':
        return type.item_bytes == 1;
      default:
        return type.kind == 'U' || type.kind == 'S';
    }
  }

  std::string_view rest_;
  NpyArray& array_;
};

}  // namespace

std::size_t saturating_product(std::size_t a, std::size_t b) {
  std::size_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? std::numeric_limits<std::size_t>::max() : out;
}

void parse_npy_header(std::string_view text, NpyArray& array) { HeaderParser(text, array).parse(); }

}  // namespace musicrep

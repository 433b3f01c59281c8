#include "formats/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/files.h"
#include "formats/npy_header.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little, "elements are read as little endian");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostDimensions = 3;
constexpr std::int64_t kMostExact = std::int64_t{1} << 53;  // a double holds every integer to here

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw DataError(fmt::format("'{}': {}", name, what));
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  if (shape.size() == 1) return fmt::format("({},)", shape[0]);
  return fmt::format("({})", fmt::join(shape, ", "));
}

template <typename T>
T load(const char* at, bool swap) {
  std::array<char, sizeof(T)> raw;
  std::memcpy(raw.data(), at, sizeof(T));
  if (swap) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

template <typename T>
double number_at(const NpyArray& array, const char* at) {
  const T value = load<T>(at, array.type.big_endian);
  if constexpr (std::is_integral_v<T> && sizeof(T) == 8) {
    if (std::cmp_greater(value, kMostExact) || std::cmp_less(value, -kMostExact)) {
      fail(
          array.name,
          fmt::format(
              "found the integer {}, expected none beyond 2^53, which a number of double precision would not hold exactly",
              value));
    }
  }
  return static_cast<double>(value);
}

double truth_at(const NpyArray&, const char* at) { return *at != 0 ? 1.0 : 0.0; }

using NumberReader = double (*)(const NpyArray&, const char*);

/// The function that reads one element, chosen once for all elements.
NumberReader number_reader(const NpyArray& array) {
  const bool is_signed = array.type.kind == 'i';
  switch (array.type.kind) {
    case 'f':
      return array.type.item_bytes == 4 ? number_at<float> : number_at<double>;
    case 'b':
      return truth_at;
    case 'i':
    case 'u':
      switch (array.type.item_bytes) {
        case 1:
          return is_signed ? number_at<std::int8_t> : number_at<std::uint8_t>;
        case 2:
          return is_signed ? number_at<std::int16_t> : number_at<std::uint16_t>;
        case 4:
          return is_signed ? number_at<std::int32_t> : number_at<std::uint32_t>;
        default:
          return is_signed ? number_at<std::int64_t> : number_at<std::uint64_t>;
      }
    default:
      fail(array.name, fmt::format("found texts (type '{}'), expected numbers", array.type.text()));
  }
}

std::string integer_text(const NpyArray& array, const char* at) {
  if (array.type.item_bytes == 8) {  // a double would not hold all of them
    const bool swap = array.type.big_endian;
    return array.type.kind == 'i' ? fmt::format("{}", load<std::int64_t>(at, swap))
                                  : fmt::format("{}", load<std::uint64_t>(at, swap));
  }
  return fmt::format("{}", static_cast<std::int64_t>(number_reader(array)(array, at)));
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
    return;
  }
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      put(0xE0 | (c >> 12));
    } else {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 0x3F));
    }
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

std::string utf32_text(const NpyArray& array, const char* at) {
  std::string out;
  std::size_t length = array.type.item_bytes / 4;
  // Shorter texts are padded with NUL.
  while (length > 0 && load<std::uint32_t>(at + 4 * (length - 1), false) == 0) --length;
  for (std::size_t i = 0; i < length; ++i) {
    const auto c = load<std::uint32_t>(at + 4 * i, array.type.big_endian);
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
      fail(array.name, fmt::format("found the code point {:#x}, expected Unicode texts", c));
    }
    append_utf8(out, c);
  }
  return out;
}

void require_rank(const NpyArray& array, std::size_t least, std::size_t most) {
  const std::size_t rank = array.shape.size();
  if (rank >= least && rank <= most) return;
  const std::string expected =
      least == most ? fmt::format("rank {}", least) : fmt::format("rank {} or {}", least, most);
  fail(array.name, fmt::format("found rank {} (shape {}), expected {}", rank,
                               shape_text(array.shape), expected));
}

void check_size(const NpyArray& array) {
  if (array.shape.size() > kMostDimensions) require_rank(array, 0, kMostDimensions);
  const std::size_t count = array.size();
  const std::size_t expected = saturating_product(count, array.type.item_bytes);
  const std::size_t found = array.bytes.size() - array.offset;
  if (found != expected) {
    fail(array.name,
         fmt::format(
             "found {} bytes of values, expected {} for shape {} of type '{}'{}", found, expected,
             shape_text(array.shape), array.type.text(),
             found < expected ? ": the file is truncated" : ": found more bytes after the end"));
  }
  // Such texts take no bytes, so their number cannot be checked against the file.
  if (array.type.item_bytes == 0 && count > 0) {
    fail(array.name, "found texts of length 0, expected at least 1");
  }
}

}  // namespace

std::string NpyType::text() const {
  const char order = kind == 'S' || item_bytes == 1 ? '|' : (big_endian ? '>' : '<');
  return fmt::format("{}{}{}", order, kind, kind == 'U' ? item_bytes / 4 : item_bytes);
}

std::size_t NpyArray::size() const {
  std::size_t count = 1;
  for (const std::size_t n : shape) {
    if (n == 0) return 0;
    count = saturating_product(count, n);
  }
  return count;
}

Matrix NpyArray::to_matrix() const {
  require_rank(*this, 1, 2);
  const NumberReader read = number_reader(*this);
  const std::size_t rows = shape[0];
  const std::size_t cols = shape.size() == 2 ? shape[1] : 1;
  Matrix out(rows, cols);
  if (size() == 0) return out;
  const char* first = bytes.data() + offset;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      const std::size_t i = fortran_order ? c * rows + r : r * cols + c;
      out.at(r, c) = read(*this, first + i * type.item_bytes);
    }
  }
  return out;
}

std::vector<double> NpyArray::to_numbers() const {
  require_rank(*this, 1, 1);
  return to_matrix().values();
}

std::vector<std::string> NpyArray::to_texts() const {
  require_rank(*this, 1, 1);
  if (!is_text() && type.kind != 'i' && type.kind != 'u') {
    fail(name, fmt::format("found the type '{}', expected texts or integers", type.text()));
  }
  std::vector<std::string> out;
  out.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const char* at = bytes.data() + offset + i * type.item_bytes;
    if (type.kind == 'U') {
      out.push_back(utf32_text(*this, at));
    } else if (type.kind == 'S') {
      std::size_t length = type.item_bytes;
      while (length > 0 && at[length - 1] == '\0') --length;
      out.emplace_back(at, length);
    } else {
      out.push_back(integer_text(*this, at));
    }
  }
  return out;
}

NpyArray parse_npy(std::string bytes, std::string name) {
  NpyArray array;
  array.name = std::move(name);
  array.bytes = std::move(bytes);
  const std::string_view view = array.bytes;
  if (!view.starts_with(kMagic)) {
    fail(array.name, "found no NumPy header (\\x93NUMPY), expected an .npy file");
  }
  if (view.size() < kMagic.size() + 4) fail(array.name, "the .npy header is truncated");
  const int major = static_cast<unsigned char>(view[6]);
  const int minor = static_cast<unsigned char>(view[7]);
  if (major < 1 || major > 3 || minor != 0) {
    fail(array.name,
         fmt::format("found .npy version {}.{}, expected 1.0, 2.0 or 3.0", major, minor));
  }
  // Version 1 gives the header's length in two bytes, later ones in four.
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t start = kMagic.size() + 2 + length_bytes;
  if (view.size() < start) fail(array.name, "the .npy header is truncated");
  const char* length_at = view.data() + kMagic.size() + 2;
  const std::size_t length =
      major == 1 ? load<std::uint16_t>(length_at, false) : load<std::uint32_t>(length_at, false);
  if (length > view.size() - start) {
    fail(array.name,
         fmt::format(
             "found {} bytes after the preamble, expected a header of {}: the file is truncated",
             view.size() - start, length));
  }
  parse_npy_header(view.substr(start, length), array);
  array.offset = start + length;
  check_size(array);
  return array;
}

NpyArray read_npy(const fs::path& path) { return parse_npy(read_file(path), path.string()); }

void write_npy(const fs::path& path, const Matrix& values, bool as_float32) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                                   as_float32 ? "<f4" : "<f8", values.rows(), values.cols());
  // The values begin at a multiple of 64 bytes; the header ends in a newline.
  const std::size_t preamble = kMagic.size() + 4;
  header.append(63 - (preamble + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00'};
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const auto append = [&](auto value) {
    const auto raw = std::bit_cast<std::array<char, sizeof(value)>>(value);
    bytes.append(raw.data(), raw.size());
  };
  bytes.reserve(bytes.size() + values.values().size() * (as_float32 ? 4 : 8));
  for (std::size_t i = 0; i < values.values().size(); ++i) {
    const double value = values.values()[i];
    if (!as_float32) {
      append(value);
      continue;
    }
    const auto narrow = static_cast<float>(value);
    if (std::isfinite(value) && !std::isfinite(narrow)) {
      fail(path.string(), fmt::format("the value {} in row {}, column {} is too large for float32",
                                      value, i / values.cols(), i % values.cols()));
    }
    append(narrow);
  }
  write_text_atomically(path, bytes);
}

}  // namespace musicrep

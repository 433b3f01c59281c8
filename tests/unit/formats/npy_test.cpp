#include "formats/npy.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::NpyArray;
using musicrep::parse_npy;

namespace {

/// A .npy file of that header and those bytes of values.
std::string npy(const std::string& header, const std::string& values, int major = 1) {
  std::string out = "\x93NUMPY";
  out += static_cast<char>(major);
  out += '\0';
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) {
    out += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  }
  return out + header + values;
}

std::string header(const std::string& descr, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }\n";
}

template <typename T>
std::string raw(const std::vector<T>& values, bool swap = false) {
  std::string out;
  for (const T& value : values) {
    std::string bytes(sizeof(T), '\0');
    std::memcpy(bytes.data(), &value, sizeof(T));
    if (swap) std::reverse(bytes.begin(), bytes.end());
    out += bytes;
  }
  return out;
}

std::string parse_message(const std::string& bytes) {
  return message_of<DataError>([&] { parse_npy(bytes, "x.npy"); });
}

}  // namespace

TEST_CASE("npy: C order and Fortran order give the same matrix") {
  const Matrix expected(2, 3, {1, 2, 3, 4, 5, 6});
  CHECK(parse_npy(npy(header("<f8", "(2, 3)"), raw<double>({1, 2, 3, 4, 5, 6})), "x").to_matrix() ==
        expected);
  CHECK(parse_npy(npy(header("<f4", "(2, 3)", true), raw<float>({1, 4, 2, 5, 3, 6})), "x")
            .to_matrix() == expected);
}

TEST_CASE("npy: every version, odd spacing, other quotes and key order") {
  const std::string odd = "{\"shape\":(2L,),'fortran_order':False , 'descr':'<i2'}   \n";
  for (const int major : {1, 2, 3}) {
    const NpyArray array = parse_npy(npy(odd, raw<std::int16_t>({-7, 8}), major), "x");
    CHECK(array.to_numbers() == std::vector<double>{-7, 8});
    CHECK(array.to_matrix() == Matrix(2, 1, {-7, 8}));
  }
}

TEST_CASE("npy: big endian values are swapped") {
  CHECK(parse_npy(npy(header(">f4", "(2,)"), raw<float>({1.5F, -2}, true)), "x").to_numbers() ==
        std::vector<double>{1.5, -2});
  CHECK(parse_npy(npy(header(">U1", "(2,)"), raw<std::uint32_t>({0x266B, 'a'}, true)), "x")
            .to_texts() == std::vector<std::string>{"\xE2\x99\xAB", "a"});
}

TEST_CASE("npy: every type of number") {
  const auto numbers = [](const std::string& descr, const std::string& values) {
    return parse_npy(npy(header(descr, "(2,)"), values), "x").to_numbers();
  };
  using Numbers = std::vector<double>;
  CHECK(numbers("|i1", raw<std::int8_t>({-128, 5})) == Numbers{-128, 5});
  CHECK(numbers("|u1", raw<std::uint8_t>({255, 5})) == Numbers{255, 5});
  CHECK(numbers("<u2", raw<std::uint16_t>({65535, 5})) == Numbers{65535, 5});
  CHECK(numbers("<i4", raw<std::int32_t>({-2000000000, 5})) == Numbers{-2e9, 5});
  CHECK(numbers("<u4", raw<std::uint32_t>({4000000000U, 5})) == Numbers{4e9, 5});
  CHECK(numbers("<i8", raw<std::int64_t>({-(1LL << 53), 5})) == Numbers{-9007199254740992.0, 5});
  CHECK(numbers("<u8", raw<std::uint64_t>({1ULL << 53, 5})) == Numbers{9007199254740992.0, 5});
  CHECK(numbers("|b1", {'\1', '\0'}) == Numbers{1, 0});
  CHECK_THAT(message_of<DataError>([&] {
               numbers("<i8", raw<std::int64_t>({5, (1LL << 53) + 1}));
             }),
             Contains("'x': found the integer 9007199254740993, expected none beyond 2^53"));
  CHECK_THAT(message_of<DataError>([&] {
               numbers("<u8", raw<std::uint64_t>({~0ULL, 5}));
             }),
             Contains("found the integer 18446744073709551615"));
}

TEST_CASE("npy: NaN and infinity pass, what they mean is the reader's business") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto values =
      parse_npy(npy(header("<f8", "(2,)"), raw<double>({NAN, -inf})), "x").to_numbers();
  CHECK(std::isnan(values[0]));
  CHECK(values[1] == -inf);
}

TEST_CASE("npy: texts in UTF-32 and in bytes, and integers as texts") {
  using Texts = std::vector<std::string>;
  const NpyArray unicode =
      parse_npy(npy(header("<U2", "(3,)"), raw<std::uint32_t>({'a', 0, 0xE9, 0x1F3B5, 0, 0})), "x");
  CHECK(unicode.is_text());
  CHECK(unicode.to_texts() == Texts{"a", "\xC3\xA9\xF0\x9F\x8E\xB5", ""});
  CHECK(parse_npy(npy(header("|S2", "(2,)"), {'a', '\0', 'b', 'c'}), "x").to_texts() ==
        Texts{"a", "bc"});
  CHECK(parse_npy(npy(header("<i8", "(2,)"), raw<std::int64_t>({-3, 9007199254740993})), "x")
            .to_texts() == Texts{"-3", "9007199254740993"});
  CHECK(parse_npy(npy(header("|u1", "(1,)"), raw<std::uint8_t>({200})), "x").to_texts() ==
        Texts{"200"});
}

TEST_CASE("npy: invalid code points are refused") {
  for (const std::uint32_t c : {0x110000U, 0xD800U}) {
    const NpyArray array =
        parse_npy(npy(header("<U1", "(1,)"), raw<std::uint32_t>({c})), "ids.npy");
    CHECK_THAT(message_of<DataError>([&] { (void)array.to_texts(); }),
               Contains("'ids.npy': found the code point 0x"));
  }
}

TEST_CASE("npy: texts are no numbers, floats are no texts") {
  const NpyArray texts = parse_npy(npy(header("|S1", "(1,)"), "a"), "x.npy");
  CHECK_THAT(message_of<DataError>([&] { (void)texts.to_matrix(); }),
             Contains("'x.npy': found texts (type '|S1'), expected numbers"));
  const NpyArray floats = parse_npy(npy(header("<f4", "(1,)"), raw<float>({1})), "x.npy");
  CHECK_THAT(message_of<DataError>([&] { (void)floats.to_texts(); }),
             Contains("'x.npy': found the type '<f4', expected texts or integers"));
}

TEST_CASE("npy: ranks that are not wanted") {
  const NpyArray scalar = parse_npy(npy(header("<f4", "()"), raw<float>({1})), "x.npy");
  CHECK_THAT(message_of<DataError>([&] { (void)scalar.to_matrix(); }),
             Contains("'x.npy': found rank 0 (shape ()), expected rank 1 or 2"));
  const NpyArray cube = parse_npy(npy(header("|u1", "(1, 2, 1)"), "ab"), "x.npy");
  CHECK_THAT(message_of<DataError>([&] { (void)cube.to_matrix(); }),
             Contains("found rank 3 (shape (1, 2, 1)), expected rank 1 or 2"));
  const NpyArray table = parse_npy(npy(header("|u1", "(1, 2)"), "ab"), "x.npy");
  CHECK_THAT(message_of<DataError>([&] { (void)table.to_numbers(); }),
             Contains("found rank 2 (shape (1, 2)), expected rank 1"));
  CHECK_THAT(message_of<DataError>([&] { (void)table.to_texts(); }), Contains("expected rank 1"));
  CHECK_THAT(parse_message(npy(header("|u1", "(1, 1, 1, 1)"), "a")), Contains("found rank 4"));
}

TEST_CASE("npy: truncated files, trailing bytes and sizes that cannot be") {
  const std::string whole = npy(header("<f4", "(2, 2)"), raw<float>({1, 2, 3, 4}));
  CHECK_THAT(parse_message(whole.substr(0, whole.size() - 3)),
             Contains("'x.npy': found 13 bytes of values, expected 16 for shape (2, 2) of type "
                      "'<f4': the file is truncated"));
  CHECK_THAT(parse_message(whole + "!"), Contains("found 17 bytes of values, expected 16"));
  for (const unsigned n : {0U, 5U, 9U, 11U, 40U}) {
    CAPTURE(n);
    CHECK_THAT(parse_message(whole.substr(0, n)),
               Contains("'x.npy'") && Contains("expected") || Contains("truncated"));
  }
  // Sizes whose product overflows 64 bits must not are written small.
  CHECK_THAT(parse_message(npy(header("<f8", "(4294967296, 4294967296)"), "")),
             Contains("found 0 bytes of values"));
  CHECK_THAT(parse_message(npy(header("<f8", "(99999999999999999999,)"), "")),
             Contains("damaged .npy header: found '999999999999', expected a size"));
  CHECK_THAT(parse_message(npy(header("<U4611686018427387904", "(1,)"), "")),
             Contains("found 0 bytes"));
  CHECK_THAT(parse_message(npy(header("<U0", "(9999999999,)"), "")), Contains("length 0"));
}

TEST_CASE("npy: types that are not read") {
  const auto of_type = [](const std::string& descr) {
    return parse_message(npy(header(descr, "(1,)"), "12345678"));
  };
  CHECK_THAT(of_type("|O"), Contains("'x.npy': found Python objects ('|O'); pickled objects"));
  for (const char* descr :
       {"<f2", "<c8", "<i3", "<M8", "f4", "<f", "<f4x", "|f8", "<b4", "<i0", ""}) {
    CAPTURE(descr);
    CHECK_THAT(of_type(descr),
               Contains("found the type '" + std::string(descr) + "', expected f4"));
  }
  CHECK_THAT(
      parse_message(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "")),
      Contains("structured types"));
}

TEST_CASE("npy: damaged headers") {
  CHECK_THAT(parse_message("PK\3\4 something"), Contains("found no NumPy header"));
  CHECK_THAT(parse_message(npy(header("<f4", "(0,)"), "", 4)), Contains("found .npy version 4.0"));
  for (const char* text :
       {"", "{", "{'descr'", "{'descr': '<f4'}", "{'descr': '<f4', 'descr': '<f4'}",
        "{'colour': 1}", "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)} more", "{'descr: 1}"}) {
    CAPTURE(text);
    CHECK_THAT(parse_message(npy(text, "")), Contains("'x.npy': damaged .npy header: "));
  }
}

TEST_CASE("npy: what is written is read back, to the bit") {
  const musicrep::TempFolder folder;
  const Matrix values(2, 3, {0.1, -0.0, 1e300, 1.0 / 3, 5e-324, -7});
  const auto path = folder.path() / "deep" / "x.npy";
  write_npy(path, values, false);
  CHECK(musicrep::read_npy(path).to_matrix() == values);
  CHECK(musicrep::read_npy(path).type.text() == "<f8");
  CHECK(musicrep::read_npy(path).offset % 64 == 0);

  write_npy(path, Matrix(1, 2, {0.1, 2}), true);
  CHECK(musicrep::read_npy(path).to_matrix() == Matrix(1, 2, {static_cast<double>(0.1F), 2}));
  CHECK_THAT(message_of<DataError>([&] { write_npy(path, values, true); }),
             Contains("x.npy': the value 1e+300 in row 0, column 2 is too large for float32"));
  CHECK(musicrep::read_npy(path).shape == std::vector<std::size_t>{1, 2});  // left as it was
}

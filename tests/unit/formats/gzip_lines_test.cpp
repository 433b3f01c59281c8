#include "formats/gzip_lines.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "gzip_testing.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::for_each_line;
using musicrep::gzipped;
using musicrep::LinesRead;
using musicrep::message_of;
using musicrep::TempFolder;
using Lines = std::vector<std::string>;

namespace {

struct Seen {
  LinesRead read;
  Lines lines;
};

Seen lines_of(std::string_view bytes) {
  const TempFolder folder;
  Seen seen;
  seen.read = for_each_line(folder.write("lines.gz", bytes),
                            [&](std::string_view line, std::size_t number) {
                              seen.lines.emplace_back(line);
                              CHECK(number == seen.lines.size());
                            });
  CHECK(seen.read.n_lines == seen.lines.size());
  return seen;
}

/// Lines that hardly pack, so that a cut falls where it is put.
std::string noise(std::size_t n_lines) {
  std::mt19937 random(1);
  std::string text;
  for (std::size_t i = 0; i < n_lines; ++i) {
    for (int k = 0; k < 100; ++k) text += static_cast<char>('a' + random() % 26);
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("gzip lines: packed or not, with any line end, with a last line that has none") {
  for (const std::string& text : {std::string("a\r\nb\n\nc"), gzipped("a\r\nb\n\nc")}) {
    const Seen seen = lines_of(text);
    CHECK(seen.lines == Lines{"a", "b", "", "c"});
    CHECK_FALSE(seen.read.is_truncated);
  }
  CHECK(lines_of(gzipped("\xEF\xBB\xBF"
                         "a\n"))
            .lines == Lines{"a"});
  CHECK(lines_of(gzipped("")).lines.empty());
}

TEST_CASE("gzip lines: a file that is cut off gives its complete lines and says so") {
  const std::string text = noise(2000);
  const std::string packed = gzipped(text);
  for (const double share : {0.1, 0.5, 0.999}) {
    const auto cut = static_cast<std::size_t>(share * static_cast<double>(packed.size()));
    const Seen seen = lines_of(std::string_view(packed).substr(0, cut));
    CHECK(seen.read.is_truncated);
    const double expected = 2000 * share;
    CHECK(static_cast<double>(seen.lines.size()) == Approx(expected).margin(30));
    CHECK(seen.lines.back() == text.substr(101 * (seen.lines.size() - 1), 100));
  }
  // Only the checksum is missing: still cut off.
  const Seen seen = lines_of(std::string_view(packed).substr(0, packed.size() - 4));
  CHECK(seen.read.is_truncated);
  CHECK(seen.lines.size() == 2000);
}

TEST_CASE("gzip lines: damaged bytes are refused, with the last good line") {
  const TempFolder folder;
  std::string packed = gzipped(noise(100));
  packed[packed.size() - 6] ^= 1;  // in the checksum
  const std::string path = folder.write("bad.gz", packed);
  const auto nothing = [](std::string_view, std::size_t) {};
  CHECK_THAT(message_of<DataError>([&] { for_each_line(path, nothing); }),
             Contains("bad.gz': damaged after line ") && Contains("incorrect data check"));
  CHECK_THAT(message_of<DataError>([&] { for_each_line(folder.path(), nothing); }),
             Contains("it is a folder"));
  CHECK_THAT(message_of<DataError>([&] { for_each_line(folder.path() / "none", nothing); }),
             Contains("none': No such file"));
  const std::string bomb = folder.write("bomb.gz", gzipped(std::string(70 << 20, 'x')));
  CHECK_THAT(message_of<DataError>([&] { for_each_line(bomb, nothing); }),
             Contains("bomb.gz', line 1: found more than 67108864 bytes in one line"));
}

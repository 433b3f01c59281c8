#include "formats/lines.h"

#include <catch2/catch.hpp>

#include "formats/ids.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::IdFrom;
using musicrep::make_id;

TEST_CASE("lines: line ends and byte order mark are gone, empty lines stay") {
  const musicrep::TempFolder folder;
  const auto lines = [&](std::string_view bytes) {
    return musicrep::read_lines(folder.write("list.txt", bytes));
  };
  using Lines = std::vector<std::string>;
  CHECK(lines("a\r\n\nb c\n") == Lines{"a", "", "b c"});
  CHECK(lines("\xEF\xBB\xBF"
              "a\nb") == Lines{"a", "b"});
  CHECK(lines("").empty());
  CHECK_THAT(musicrep::message_of<musicrep::DataError>([&] { lines(std::string(3, '\0')); }),
             Contains("list.txt': found a NUL byte at offset 0"));
}

TEST_CASE("lines: trimmed") {
  CHECK(musicrep::trimmed(" \ta b\r\n") == "a b");
  CHECK(musicrep::trimmed(" \t").empty());
}

TEST_CASE("ids: a text as it stands, or its file name without folder and extension") {
  CHECK(make_id("a/b.wav", IdFrom::kExact) == "a/b.wav");
  CHECK(make_id("gtzan_genre/genres/blues/blues.00000.au", IdFrom::kStem) == "blues.00000");
  CHECK(make_id("C:\\music\\one.two.mp3", IdFrom::kStem) == "one.two");
  CHECK(make_id("12", IdFrom::kStem) == "12");
  CHECK(make_id("folder.d/.hidden", IdFrom::kStem) == ".hidden");
  CHECK(make_id("folder/", IdFrom::kStem).empty());
}

TEST_CASE("ids: the rule's name") {
  CHECK(musicrep::parse_id_from("x", "exact") == IdFrom::kExact);
  CHECK(musicrep::parse_id_from("x", "stem") == IdFrom::kStem);
  const std::string message = musicrep::message_of<musicrep::ConfigError>(
      [] { musicrep::parse_id_from("data set 'a'", "stems"); });
  CHECK_THAT(message,
             Contains("data set 'a': unknown value of id_from 'stems'. Did you mean 'stem'"));
}

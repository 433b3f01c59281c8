#include "datasets/tfrecord.h"

#include <catch2/catch.hpp>

#include "audioset_testing.h"

using Catch::Matchers::Contains;
using musicrep::crc32c;
using musicrep::framed;
using musicrep::masked_crc32c;
using musicrep::number_bytes;
using musicrep::Problems;
using musicrep::split_tfrecords;

namespace {

/// Bit by bit, as the polynomial is defined.
std::uint32_t slow_crc32c(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

}  // namespace

TEST_CASE("tfrecord: CRC-32C of RFC 3720's examples") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43U);
  std::string up;
  for (int i = 0; i < 32; ++i) up += static_cast<char>(i);
  CHECK(crc32c(up) == 0x46DD794EU);
  CHECK(crc32c(std::string(up.rbegin(), up.rend())) == 0x113FDB5CU);
}

TEST_CASE("tfrecord: CRC-32C of every length agrees with the bit by bit one") {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    CAPTURE(i);
    CHECK(crc32c(bytes) == slow_crc32c(bytes));
    bytes += static_cast<char>(i * 73 + 11);
  }
}

TEST_CASE("tfrecord: the masked checksum that TensorFlow wrote for a length") {
  CHECK(masked_crc32c(number_bytes(0x5E3, 8)) == 0x6AEE5DF5U);
}

TEST_CASE("tfrecord: records in order with an empty one among them") {
  const std::string bytes = framed("first") + framed("") + framed(std::string(1000, 'x'));
  Problems problems;
  const auto records = split_tfrecords(bytes, "a.tfrecord", problems);
  CHECK(problems.empty());
  REQUIRE(records.size() == 3);
  CHECK(records[0].data == "first");
  CHECK(records[1].data.empty());
  CHECK(records[1].offset == 21);
  CHECK(records[2].data == std::string(1000, 'x'));
  CHECK(records[2].number == 3);
  CHECK(records[2].offset == 37);
  CHECK(split_tfrecords("", "empty.tfrecord", problems).empty());
  CHECK(problems.empty());
}

TEST_CASE("tfrecord: a damaged record is reported and the ones after it are read") {
  std::string bytes = framed("first") + framed("second") + framed("third");
  bytes[21 + 12 + 2] ^= 1;
  Problems problems;
  const auto records = split_tfrecords(bytes, "a.tfrecord", problems);
  REQUIRE(records.size() == 2);
  CHECK(records[1].data == "third");
  CHECK(records[1].number == 3);
  REQUIRE(problems.size() == 1);
  CHECK_THAT(problems.list()[0], Contains("'a.tfrecord', record 2 at byte 21: the data is damaged: "
                                          "found the checksum"));
  CHECK_THAT(problems.list()[0], Contains("expected"));
}

TEST_CASE("tfrecord: a damaged length ends the file") {
  std::string bytes = framed("first") + framed("second") + framed("third");
  bytes[21] ^= 4;
  Problems problems;
  CHECK(split_tfrecords(bytes, "a.tfrecord", problems).size() == 1);
  REQUIRE(problems.size() == 1);
  CHECK_THAT(problems.list()[0],
             Contains("'a.tfrecord', record 2 at byte 21: the length is damaged"));
}

TEST_CASE("tfrecord: every bit that flips is found") {
  const std::string good = framed("some data");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    Problems problems;
    CAPTURE(bit);
    CHECK(split_tfrecords(bad, "a.tfrecord", problems).empty());
    CHECK(problems.size() == 1);
  }
}

TEST_CASE("tfrecord: a file that ends in a record at any byte") {
  const std::string good = framed("some data") + framed("more");
  const std::size_t first = framed("some data").size();
  for (std::size_t n = 1; n < good.size(); ++n) {
    Problems problems;
    const auto records = split_tfrecords(good.substr(0, n), "a.tfrecord", problems);
    CAPTURE(n);
    CHECK(records.size() == (n < first ? 0U : 1U));
    CHECK(problems.size() == (n == first ? 0U : 1U));
  }
  Problems problems;
  split_tfrecords(good.substr(0, first + 3), "a.tfrecord", problems);
  split_tfrecords(good.substr(0, first + 14), "a.tfrecord", problems);
  REQUIRE(problems.size() == 2);
  CHECK_THAT(problems.list()[0], Contains("record 2 at byte 25: found 3 bytes, expected a record's "
                                          "12 bytes of length and checksum"));
  CHECK_THAT(problems.list()[1], Contains("record 2 at byte 25: found 2 bytes after the length, "
                                          "expected 4 of data and 4 of checksum"));
}

TEST_CASE("tfrecord: a lying length whose checksum is right") {
  for (const std::uint64_t length : {0xFFFFFFFFFFFFFFFFULL, 0xFFFFFFFFFFFFFFF0ULL, 0x100ULL}) {
    const std::string header = number_bytes(length, 8);
    const std::string bytes = header + number_bytes(masked_crc32c(header), 4) + "data and more";
    Problems problems;
    CHECK(split_tfrecords(bytes, "a.tfrecord", problems).empty());
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems.list()[0], Contains("expected " + std::to_string(length) + " of data"));
  }
}

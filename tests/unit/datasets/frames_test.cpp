#include "datasets/frames.h"

#include <catch2/catch.hpp>

using musicrep::FrameTable;
using Bytes = std::vector<std::uint8_t>;

namespace {

FrameTable table_of(const std::vector<Bytes>& items) {
  FrameTable table("test");
  for (const Bytes& item : items) table.add(item);
  return table;
}

const Bytes kOne(128, 0);
const Bytes kTwo(256, 255);

}  // namespace

TEST_CASE("frames: blocks of their own length dequantised to -2 to 2") {
  Bytes ramp(128);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<std::uint8_t>(2 * i + 1);
  const FrameTable table = table_of({kOne, kTwo, ramp});
  REQUIRE(table.size() == 3);
  CHECK(table.rows(0) == 1);
  CHECK(table.rows(1) == 2);
  CHECK(table.dequantised(0) == std::vector<float>(128, -2.0F));
  CHECK(table.dequantised(1) == std::vector<float>(256, 2.0F));
  const std::vector<float> values = table.dequantised(2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(values[i] == static_cast<float>(ramp[i] * 4 / 255.0 - 2));
  }
}

TEST_CASE("frames: a selection in its own order") {
  const FrameTable table = table_of({kOne, kTwo}).select(std::vector<std::size_t>{1, 0, 1});
  REQUIRE(table.size() == 3);
  CHECK(table.rows(0) == 2);
  CHECK(table.rows(1) == 1);
  CHECK(table.bytes(2)[0] == 255);
}

TEST_CASE("frames: the hash tells bytes and borders apart") {
  const std::string sha256 = table_of({kOne, kTwo}).sha256();
  CHECK(sha256 == table_of({kOne, kTwo}).sha256());
  CHECK(sha256 != table_of({kTwo, kOne}).sha256());
  Bytes other = kTwo;
  other[200] = 254;
  CHECK(sha256 != table_of({kOne, other}).sha256());
  CHECK(table_of({Bytes(128, 255), kTwo}).sha256() != table_of({kTwo, Bytes(128, 255)}).sha256());
}

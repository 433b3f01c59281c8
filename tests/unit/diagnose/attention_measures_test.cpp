#include "diagnose/attention_measures.h"

#include <catch2/catch.hpp>
#include <vector>

namespace musicrep {
namespace {

AttentionMap even(std::size_t places, std::size_t first_frame) {
  return {0,
          Matrix(places, places,
                 std::vector<double>(places * places, 1.0 / static_cast<double>(places))),
          first_frame};
}

TEST_CASE("attention that looks everywhere alike") {
  const AttentionMap map = even(5, 2);
  const ClipAttention of = clip_attention({&map, 1});
  CHECK(*of.entropy == Approx(1));
  CHECK(*of.support == 1);
  CHECK(*of.largest == Approx(0.2));
  CHECK(*of.on_frames == Approx(0.6));
  CHECK(*of.distance == Approx(8.0 / 9));  // mean |i - j| over three places
}

TEST_CASE("attention of each frame to itself, whatever special tokens do") {
  AttentionMap map = even(5, 2);
  for (std::size_t i = 2; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) map.weights.at(i, j) = i == j ? 1 : 0;
  }
  const ClipAttention of = clip_attention({&map, 1});
  CHECK(*of.entropy == 0);
  CHECK(*of.support == Approx(0.2));
  CHECK(*of.largest == 1);
  CHECK(*of.on_frames == 1);
  CHECK(*of.distance == 0);
}

TEST_CASE("attention to special tokens alone has no distance") {
  AttentionMap map = even(4, 1);
  for (std::size_t i = 1; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) map.weights.at(i, j) = j == 0 ? 1 : 0;
  }
  const ClipAttention of = clip_attention({&map, 1});
  CHECK(*of.on_frames == 0);
  CHECK_FALSE(of.distance.has_value());
}

TEST_CASE("attention of one frame has no distance, and that of none says nothing") {
  const AttentionMap map = even(3, 2);
  CHECK_FALSE(clip_attention({&map, 1}).distance.has_value());
  CHECK(*clip_attention({&map, 1}).entropy == Approx(1));
  CHECK_FALSE(clip_attention({}).entropy.has_value());
  const AttentionMap alone = even(1, 0);
  CHECK_FALSE(clip_attention({&alone, 1}).entropy.has_value());
}

TEST_CASE("heads and pieces count by their frames") {
  std::vector<AttentionMap> maps = {even(3, 2), even(5, 2)};
  const ClipAttention of = clip_attention(maps);
  CHECK(*of.largest == Approx((1.0 / 3 + 3 * 0.2) / 4));
}

}  // namespace
}  // namespace musicrep

#include "audio/mix.h"

#include <catch2/catch.hpp>
#include <vector>

namespace musicrep {
namespace {

TEST_CASE("mono is the mean, stereo stays, mono is doubled, more than two become their mean") {
  const Pcm stereo = {8000, 2, 3, {1, 2, 3, 3, 2, -3}};
  const Pcm mono = mixed(stereo, 1);
  CHECK(mono.channels == 1);
  CHECK(mono.frames == 3);
  CHECK(mono.sample_rate_hz == 8000);
  CHECK(mono.values == std::vector<float>{2, 2, 0});
  CHECK(mixed(stereo, 2).values == stereo.values);
  CHECK(mixed(stereo, 0).values == stereo.values);
  CHECK(mixed(mono, 2).values == std::vector<float>{2, 2, 0, 2, 2, 0});
  const Pcm three = {8000, 3, 2, {1, 4, 2, 5, 3, 6}};
  CHECK(mixed(three, 2).values == std::vector<float>{2, 5, 2, 5});
}

TEST_CASE("blocks are appended, as mixed() has it") {
  std::vector<std::vector<float>> planes(1);
  append_mixed(std::vector<float>{1, 3, 2, 2}, 2, planes);
  append_mixed(std::vector<float>{3, -3}, 2, planes);
  CHECK(planes[0] == std::vector<float>{2, 2, 0});
  planes.assign(2, {});
  append_mixed(std::vector<float>{1, 3, 2, 2}, 2, planes);
  CHECK(planes[0] == std::vector<float>{1, 2});
  CHECK(planes[1] == std::vector<float>{3, 2});
}

}  // namespace
}  // namespace musicrep

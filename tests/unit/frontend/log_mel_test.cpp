#include "frontend/log_mel.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/parallel.h"
#include "core/random.h"
#include "frontend/front_ends.h"

namespace musicrep {
namespace {

std::vector<float> noise(std::size_t n, std::uint64_t seed, double scale = 0.5) {
  Random random(seed);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(scale * (2 * random.uniform() - 1));
  return out;
}

TEST_CASE("shapes of the named front ends") {
  CHECK(LogMel(front_end("mfcc_choi2017").config).compute(noise(12000, 1)).values.size() ==
        24 * 128);
  const Spectrogram tlm = LogMel(front_end("tlm_theano").config).compute(noise(12001, 1));
  CHECK(tlm.channels == 1);
  CHECK(tlm.frames == 47);
  CHECK(tlm.bins == 96);
  const Spectrogram stereo = LogMel(front_end("mtlmr").config).compute(noise(2 * 22050, 1), 2);
  CHECK(stereo.channels == 2);
  CHECK(stereo.frames == 87);
  CHECK(stereo.values.size() == 2 * 87 * 128);
  CHECK(stereo.row(1, 3).data() == stereo.values.data() + (87 + 3) * 128);
  const Spectrogram short_clip = LogMel(front_end("vggish").config).compute(noise(399, 1));
  CHECK(short_clip.frames == 0);
  CHECK(short_clip.values.empty());
}

TEST_CASE("silence is finite in every front end") {
  for (const FrontEnd* each : front_ends::all()) {
    CAPTURE(each->name);
    const Spectrogram mel = LogMel(each->config).compute(std::vector<float>(8000, 0.0F));
    REQUIRE(!mel.values.empty());
    CHECK(std::all_of(mel.values.begin(), mel.values.end(),
                      [&](double x) { return std::isfinite(x) && x == mel.values[0]; }));
  }
}

TEST_CASE("a loud channel raises the floor of a quiet one") {
  std::vector<float> stereo = noise(8000, 1, 1);
  const std::vector<float> quiet = noise(8000, 2, 1e-6);
  const LogMel front_end(musicrep::front_end("mtlmr").config);
  const std::vector<double> alone = front_end.compute(quiet).values;
  stereo.insert(stereo.end(), quiet.begin(), quiet.end());
  const Spectrogram both = front_end.compute(stereo, 2);
  const double top = *std::max_element(both.values.begin(), both.values.end());
  const double floor = *std::min_element(both.values.begin(), both.values.end());
  CHECK(floor == Approx(top - 80));
  CHECK(*std::min_element(alone.begin(), alone.end()) < floor);
}

TEST_CASE("the same bits from several threads") {
  const LogMel front_end(musicrep::front_end("mfcc_choi2017").config);
  const std::vector<float> samples = noise(20000, 3);
  const std::vector<double> expected = front_end.compute(samples).values;
  std::vector<std::vector<double>> out(8);
  parallel_for(out.size(), 4, [&](std::size_t i) { out[i] = front_end.compute(samples).values; });
  for (const std::vector<double>& values : out) CHECK(values == expected);
}

TEST_CASE("patches") {
  CHECK(count_patches(95, 96, 96) == 0);
  CHECK(count_patches(96, 96, 96) == 1);
  CHECK(count_patches(2998, 96, 96) == 31);  // 30 s of VGGish
  CHECK(count_patches(300, 216, 43) == 2);
}

}  // namespace
}  // namespace musicrep

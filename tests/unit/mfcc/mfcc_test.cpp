#include "mfcc/mfcc.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

std::vector<float> noise(std::size_t n) {
  Random random(7);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(random.uniform() - 0.5);
  return out;
}

Matrix encode(const std::vector<float>& samples) {
  const Signal signal = {"a clip", samples, 1, samples.size()};
  return Mfcc({}).encode({&signal, 1}).at(0);
}

bool all_finite(const Matrix& matrix) {
  for (const double x : matrix.values()) {
    if (!std::isfinite(x)) return false;
  }
  return true;
}

TEST_CASE("what mfcc says of itself") {
  const EncoderInfo info = Mfcc::static_info();
  CHECK(info.name == "mfcc");
  CHECK(info.input == InputKind::kPcm);
  CHECK(info.sample_rate_hz == 12000);
  CHECK(info.channels == 1);
  CHECK(info.dim == 120);
  CHECK(info.resampler == "kaiser_best");
  CHECK(info.max_duration_s == 29);
}

TEST_CASE("silence, clipping, one sample: a finite vector") {
  const Matrix silence = encode(std::vector<float>(30000, 0.0F));
  CHECK(all_finite(silence));
  // -100 dB in each of 128 bands: the first coefficient is that times sqrt(128), nothing varies.
  CHECK(silence.at(0, 0) == Approx(-100 * std::sqrt(128.0)));
  for (std::size_t i = 1; i < 120; ++i) CHECK(silence.at(0, i) == Approx(0).margin(1e-9));
  std::vector<float> clipped = noise(30000);
  for (float& x : clipped) x = x > 0 ? 1.0F : -1.0F;
  CHECK(all_finite(encode(clipped)));
  CHECK(all_finite(encode({0.5F})));
}

TEST_CASE("no more than 29 s are looked at, and short clips stay short") {
  std::vector<float> samples = noise(348000 + 5000);
  const Matrix longer = encode(samples);
  samples.resize(348000);
  CHECK(longer == encode(samples));
  samples.resize(347999);
  CHECK_FALSE(longer == encode(samples));
  std::vector<float> few = noise(500);
  const Matrix short_clip = encode(few);
  few.resize(1024);
  CHECK(short_clip == encode(few));  // zeros up to 1024 samples
  few.resize(1025);
  CHECK_FALSE(short_clip == encode(few));
}

TEST_CASE("a vector does not depend on the rest of the batch") {
  const std::vector<float> a = noise(20000);
  const std::vector<float> b(5000, 0.25F);
  const Signal signals[] = {{"b", b, 1, b.size()}, {"a", a, 1, a.size()}, {"b", b, 1, b.size()}};
  const std::vector<Matrix> out = Mfcc({}).encode(signals);
  REQUIRE(out.size() == 3);
  CHECK(out[1] == encode(a));
  CHECK(out[0] == encode(b));
  CHECK(out[2] == out[0]);
}

TEST_CASE("what cannot be encoded is named") {
  const std::vector<float> samples = noise(4000);
  const auto message = [](const Signal& signal) {
    return message_of<DataError>([&] { Mfcc({}).encode({&signal, 1}); });
  };
  CHECK_THAT(message({"jazz.00054", {}, 1, 0}),
             Catch::Contains("item 'jazz.00054'") && Catch::Contains("1 channels of 0 samples") &&
                 Catch::Contains("expected 1 channel of at least 1 sample"));
  CHECK_THAT(message({"stereo", samples, 2, 2000}),
             Catch::Contains("item 'stereo'") && Catch::Contains("2 channels"));
  std::vector<float> broken = samples;
  broken[17] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message({"broken", broken, 1, broken.size()}),
             Catch::Contains("item 'broken'") && Catch::Contains("nan at place 17"));
  broken[17] = std::numeric_limits<float>::infinity();
  CHECK_THAT(message({"broken", broken, 1, broken.size()}), Catch::Contains("inf at place 17"));
}

}  // namespace
}  // namespace musicrep

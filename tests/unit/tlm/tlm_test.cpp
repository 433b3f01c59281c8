#include "tlm/tlm.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "musicrep/error.h"
#include "tlm_testing.h"

namespace musicrep {
namespace {

bool all_finite(const Matrix& matrix) {
  return std::ranges::all_of(matrix.values(), [](double x) { return std::isfinite(x); });
}

Matrix encode_one(Tlm& tlm, const std::vector<float>& samples) {
  const Signal signal = as_signal(samples);
  return tlm.encode({&signal, 1}).at(0);
}

TEST_CASE("what tlm says of itself") {
  const EncoderInfo info = Tlm::static_info();
  CHECK(info.name == "tlm");
  CHECK(info.sample_rate_hz == 12000);
  CHECK(info.channels == 1);
  CHECK(info.dim == 0);  // its layers are an option
  CHECK(info.resampler == "kaiser_best");
  CHECK(info.max_duration_s == 29);
}

TEST_CASE("without weights, with others or with wrong options, tlm says so") {
  const TempFolder folder;
  const std::string keras2 = write_small_weights(folder, "keras2");
  const auto message = [](const Options& options) {
    return message_of<ConfigError>([&] { make_tlm(options); });
  };
  CHECK_THAT(message({}), Catch::Contains("no weights") && Catch::Contains("`train_on`"));
  CHECK_THAT(message({{"weights", keras2}, {"variant", "theano-batch"}}),
             Catch::Contains("'theano-batch'") && Catch::Contains("are for 'keras2'"));
  CHECK_THAT(message({{"weights", keras2}, {"variant", "keras"}}), Catch::Contains("'keras2'"));
  CHECK_THAT(message({{"weights", keras2}, {"layers", "16"}}), Catch::Contains("'16'"));
  CHECK_THAT(message({{"weights", keras2}, {"layers", "11"}}), Catch::Contains("each once"));
  CHECK_THAT(message({{"weights", keras2}, {"layers", ""}}), Catch::Contains("`layers` is empty"));
  CHECK_THAT(message({{"weights", keras2}, {"short_clips", "x"}}), Catch::Contains("'zero-pad'"));
  CHECK_THAT(message({{"weights", keras2}, {"statistics_batch", std::int64_t{0}}}),
             Catch::Contains("1 to 4096"));
}

TEST_CASE("silence, one sample, clipping: a finite vector in all variants") {
  const TempFolder folder;
  for (const std::string variant : {"keras2", "theano-batch", "trained"}) {
    CAPTURE(variant);
    Tlm tlm = make_tlm({{"weights", write_small_weights(folder, variant)}});
    CHECK(all_finite(encode_one(tlm, std::vector<float>(30000, 0.0F))));
    CHECK(all_finite(encode_one(tlm, {0.5F})));
    std::vector<float> clipped = random_clip(5000, 1);
    for (float& x : clipped) x = x > 0 ? 1.0F : -1.0F;
    CHECK(all_finite(encode_one(tlm, clipped)));
  }
}

TEST_CASE("short clips are repeated or padded, and no more than 29 s are looked at") {
  const TempFolder folder;
  const std::string weights = write_small_weights(folder, "keras2");
  Tlm tlm = make_tlm({{"weights", weights}});
  const std::vector<float> clip = random_clip(120000, 4);
  std::vector<float> longer = clip;
  while (longer.size() < 400000) longer.insert(longer.end(), clip.begin(), clip.end());
  const Matrix repeated = encode_one(tlm, clip);
  CHECK(repeated == encode_one(tlm, longer));
  Tlm padding = make_tlm({{"weights", weights}, {"short_clips", "zero-pad"}});
  const Matrix padded = encode_one(padding, clip);
  CHECK_FALSE(padded == repeated);
  std::vector<float> zeros = clip;
  zeros.resize(348000);
  CHECK(padded == encode_one(tlm, zeros));
}

TEST_CASE("a vector does not depend on its neighbours, nor on the thread") {
  const TempFolder folder;
  Tlm tlm = make_tlm({{"weights", write_small_weights(folder, "keras2")}});
  CHECK(tlm.dependent_batch_size() == 1);
  const std::vector<float> a = random_clip(50000, 1);
  const std::vector<float> b = random_clip(9000, 2);
  const Signal signals[] = {as_signal(b), as_signal(a)};
  const std::vector<Matrix> together = tlm.encode(signals);
  REQUIRE(together.size() == 2);
  std::vector<Matrix> alone(2);
  std::thread other([&] { alone[0] = encode_one(tlm, b); });
  alone[1] = encode_one(tlm, a);
  other.join();
  CHECK(together == alone);
}

TEST_CASE("with a batch's statistics a vector depends on its batch alone") {
  const TempFolder folder;
  const std::string weights = write_small_weights(folder, "theano-batch");
  Tlm tlm = make_tlm({{"weights", weights}, {"statistics_batch", std::int64_t{2}}});
  CHECK(tlm.dependent_batch_size() == 2);
  CHECK(make_tlm({{"weights", weights}}).dependent_batch_size() == 256);
  REQUIRE(tlm.notes().size() == 2);
  CHECK_THAT(tlm.notes()[1], Catch::Contains("depend on the other clips of their batch of 2"));
  const std::vector<float> a = random_clip(50000, 1);
  const std::vector<float> b = random_clip(9000, 2);
  const std::vector<float> c(7000, 0.25F);
  const Signal signals[] = {as_signal(a), as_signal(b), as_signal(c)};
  const std::vector<Matrix> together = tlm.encode(signals);
  REQUIRE(together.size() == 3);
  const std::vector<Matrix> pair = tlm.encode(std::span(signals).first(2));
  CHECK(pair[0] == together[0]);
  CHECK(pair[1] == together[1]);
  CHECK(encode_one(tlm, c) == together[2]);
  CHECK_FALSE(encode_one(tlm, a) == together[0]);
  Tlm single = make_tlm({{"weights", weights}, {"statistics_batch", std::int64_t{1}}});
  CHECK(single.dependent_batch_size() == 1);
  CHECK(single.notes().size() == 1);
  CHECK(single.encode(signals)[0] == encode_one(tlm, a));
}

TEST_CASE("layers are chosen by their numbers") {
  const TempFolder folder;
  const std::string weights = write_small_weights(folder, "keras2");
  const std::vector<float> clip = random_clip(20000, 1);
  Tlm all = make_tlm({{"weights", weights}});
  Tlm some = make_tlm({{"weights", weights}, {"layers", "52"}});
  const Matrix every = encode_one(all, clip);
  const Matrix chosen = encode_one(some, clip);
  REQUIRE(every.cols() == 160);
  REQUIRE(chosen.cols() == 64);
  for (std::size_t k = 0; k < 32; ++k) {
    CHECK(chosen.at(0, k) == every.at(0, 128 + k));
    CHECK(chosen.at(0, 32 + k) == every.at(0, 32 + k));
  }
}

TEST_CASE("what tlm cannot encode is named") {
  const TempFolder folder;
  Tlm tlm = make_tlm({{"weights", write_small_weights(folder, "keras2")}});
  std::vector<float> samples = random_clip(4000, 1);
  const auto message = [&](const Signal& signal) {
    return message_of<DataError>([&] { tlm.encode({&signal, 1}); });
  };
  CHECK_THAT(message({"jazz.00054", {}, 1, 0}),
             Catch::Contains("item 'jazz.00054'") && Catch::Contains("1 channels of 0 samples"));
  CHECK_THAT(message({"stereo", samples, 2, 2000}), Catch::Contains("2 channels"));
  samples[17] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message({"broken", samples, 1, samples.size()}), Catch::Contains("nan at place 17"));
}

}  // namespace
}  // namespace musicrep

#include "mtlmr/mtlmr.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/parallel.h"
#include "mtlmr/mtlmr_weights.h"
#include "mtlmr_testing.h"
#include "nn/random.h"
#include "nn/state.h"
#include "test_files.h"

namespace musicrep {
namespace {

MtlmrNet made_network(const std::string& branch_at) {
  MtlmrNet net(MtlmrConfig{{{"tags", 5, false}, {"self", 2, true}}, branch_at});
  torch::Generator generator = make_generator(2);
  initialise_glorot(*net, generator);
  net->set_scaler(torch::full(128, -40.0), torch::full(128, 12.0));
  return net;
}

Weights made_weights(const std::string& branch_at) {
  const MtlmrNet net = made_network(branch_at);
  Weights weights = mtlmr_description(net.get()->config(), "drop");
  weights.source = {{"kind", "made"}};
  weights.tensors = state_of(*net);
  return weights;
}

EncoderArgs with(const std::string& path, const std::string& last_patch = {}) {
  EncoderArgs args;
  args.options = options_with({{"weights", path}, {"last_patch", last_patch}});
  return args;
}

/// An encoder of random weights.
std::unique_ptr<Mtlmr> made_encoder(const TempFolder& folder, const std::string& branch_at) {
  const std::string path = (folder.path() / "made.h5").string();
  write_weights(path, made_weights(branch_at));
  return std::make_unique<Mtlmr>(with(path));
}

Matrix encode(Mtlmr& encoder, const std::vector<float>& samples, std::size_t channels = 2) {
  const Signal signal = {"a clip", samples, channels, samples.size() / channels};
  return encoder.encode({&signal, 1}).at(0);
}

bool all_finite(const Matrix& matrix) {
  for (const double x : matrix.values()) {
    if (!std::isfinite(x)) return false;
  }
  return true;
}

TEST_CASE("what mtlmr says of itself") {
  const EncoderInfo info = Mtlmr::static_info();
  CHECK(info.name == "mtlmr");
  CHECK(info.sample_rate_hz == 22050);
  CHECK(info.channels == 2);
}

TEST_CASE("one vector a clip: means, then deviations, of each branch or of what is shared") {
  const TempFolder folder;
  for (const auto& [branch_at, dim] : {std::pair("fc", 512U), std::pair("null", 1024U)}) {
    const std::unique_ptr<Mtlmr> encoder = made_encoder(folder, branch_at);
    const Matrix vector = encode(*encoder, tone(440, 6, 1));
    CHECK(vector.rows() == 1);
    REQUIRE(vector.cols() == dim);
    CHECK(all_finite(vector));
    // One patch: nothing deviates.
    const Matrix one = encode(*encoder, tone(440, 2.6, 1));
    double deviation = 0;
    for (std::size_t k = one.cols() / 2; k < one.cols(); ++k) deviation += one.at(0, k);
    CHECK(deviation == 0);
  }
}

TEST_CASE("silence, clipping, one sample, less than a patch, one channel: a finite vector") {
  const TempFolder folder;
  const std::unique_ptr<Mtlmr> encoder = made_encoder(folder, "fc");
  CHECK(all_finite(encode(*encoder, std::vector<float>(2 * 60000, 0.0F))));
  std::vector<float> clipped = tone(440, 3, 1);
  for (float& x : clipped) x = x > 0 ? 1.0F : -1.0F;
  CHECK(all_finite(encode(*encoder, clipped)));
  CHECK(all_finite(encode(*encoder, {0.5F, 0.5F})));
  CHECK(all_finite(encode(*encoder, tone(440, 0.5, 1))));
  const std::vector<float> mono(30000, 0.25F);
  CHECK(encode(*encoder, mono, 1) == encode(*encoder, std::vector<float>(60000, 0.25F)));
}

TEST_CASE("the frames after the last whole patch count with zero-db alone") {
  const TempFolder folder;
  const std::string path = (folder.path() / "made.h5").string();
  write_weights(path, made_weights("fc"));
  Mtlmr drop(with(path));
  Mtlmr zero_db(with(path, "zero-db"));
  const std::vector<float> clip = tone(440, 3, 1);
  CHECK_FALSE(encode(drop, clip) == encode(zero_db, clip));
  CHECK_THAT(message_of<ConfigError>([&] { Mtlmr(with(path, "pad")); }),
             Catch::Contains("last_patch: found 'pad'"));
}

TEST_CASE(
    "mtlmr: a vector depends on its clip alone, not on the batch, the threads or the length of a "
    "pass") {
  const TempFolder folder;
  const std::unique_ptr<Mtlmr> encoder = made_encoder(folder, "fc");
  const std::vector<float> a = tone(440, 3, 1);
  const std::vector<float> b = tone(1000, 45, 2);  // more patches than a pass has
  const Signal signals[] = {
      {"b", b, 2, b.size() / 2}, {"a", a, 2, a.size() / 2}, {"b", b, 2, b.size() / 2}};
  const std::vector<Matrix> batch = encoder->encode(signals);
  CHECK(batch[1] == encode(*encoder, a));
  CHECK(batch[0] == encode(*encoder, b));
  std::vector<Matrix> parallel(6);
  parallel_for(6, 3, [&](std::size_t i) { parallel[i] = encode(*encoder, i % 2 == 0 ? a : b); });
  for (std::size_t i = 0; i < 6; ++i) CHECK(parallel[i] == batch[i % 2 == 0 ? 1 : 0]);
}

TEST_CASE("mtlmr without weights says what to give") {
  EncoderArgs args;
  args.options = options_with({});
  CHECK_THAT(message_of<ConfigError>([&] { const Mtlmr encoder(args); }),
             Catch::Contains("weights") && Catch::Contains("train_on"));
}

TEST_CASE("weights that do not fit are reported of, all of them") {
  const TempFolder folder;
  const std::string path = (folder.path() / "made.h5").string();
  const auto message = [&](const Weights& weights) {
    write_weights(path, weights);
    return message_of<DataError>([&] { const Mtlmr encoder(with(path)); });
  };
  Weights weights = made_weights("fc");
  weights.tensors["shared.1.conv.bias"] = {{31}, std::vector<float>(31)};
  weights.tensors.erase("shared.8.weight");
  weights.tensors["shared.99.weight"] = {{1}, {0}};
  weights.tensors["scaler_mean"].values[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message(weights),
             Catch::Contains("made.h5") && Catch::Contains("found shape [31], expected [32]") &&
                 Catch::Contains("'shared.8.weight' [256, 256] is missing") &&
                 Catch::Contains("'shared.99.weight'") && Catch::Contains("'scaler_mean'"));
  weights = made_weights("fc");
  weights.architecture = "vggish";
  CHECK_THAT(message(weights), Catch::Contains("weights of 'vggish', expected of 'mtlmr'"));
  weights = made_weights("fc");
  weights.config["branch_at"] = "5";
  CHECK_THAT(message(weights), Catch::Contains("branch_at = '5'"));
  weights.config.erase("branch_at");
  CHECK_THAT(message(weights), Catch::Contains("its config is not understood"));
  weights = made_weights("fc");
  weights.config["tasks"][0]["outputs"] = -3;
  CHECK_THAT(message(weights), Catch::Contains("-3 outputs"));
  CHECK_THAT(message_of<DataError>([&] { const Mtlmr encoder(with("/none/such.h5")); }),
             Catch::Contains("/none/such.h5"));
}

TEST_CASE("mtlmr: what cannot be encoded is named") {
  const TempFolder folder;
  const std::unique_ptr<Mtlmr> encoder = made_encoder(folder, "fc");
  const Signal signal = {"jazz.00054", {}, 2, 0};
  CHECK_THAT(message_of<DataError>([&] {
               encoder->encode({&signal, 1});
             }),
             Catch::Contains("item 'jazz.00054'") && Catch::Contains("0 samples"));
}

}  // namespace
}  // namespace musicrep

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "core/parallel.h"
#include "musicrep/error.h"
#include "vggish_testing.h"

namespace musicrep {
namespace {

constexpr std::size_t kPatch = 15600;

bool all_finite(const Matrix& m) {
  return std::ranges::all_of(m.values(), [](double v) { return std::isfinite(v); });
}

TEST_CASE("what vggish says of itself") {
  const EncoderInfo info = Vggish::static_info();
  CHECK(info.name == "vggish");
  CHECK(info.sample_rate_hz == 16000);
  CHECK(info.channels == 1);
  CHECK(info.dim == 128);
  CHECK(info.hop_s == 0.96);
  CHECK(info.window_s == 0.975);
  CHECK(info.resampler == "kaiser_best");
}

TEST_CASE("without weights, or with an option that there is not") {
  const WeightsFolder folder;
  const auto message = [&](const std::string& name, OptionValue value) {
    Options options = vggish_options(folder.file());
    options[name] = std::move(value);
    return message_of<ConfigError>([&] { Vggish({0, options}); });
  };
  CHECK_THAT(message("weights", std::string()),
             Catch::Contains("has no weights") && Catch::Contains("train_on"));
  CHECK_THAT(message("end", std::string("rela")),
             Catch::Contains("'end'") && Catch::Contains("'relu'"));
  CHECK_THAT(message("postprocess", std::string("quantized")), Catch::Contains("'quantised'"));
  CHECK_THAT(message("rounding", std::string("up")), Catch::Contains("'rounding'"));
}

TEST_CASE("files that are no weights of VGGish") {
  const WeightsFolder folder;
  const auto message = [](const std::string& file) {
    return message_of<DataError>([&] { Vggish({0, vggish_options(file)}); });
  };
  CHECK_THAT(message(folder.write("nonsense.pth", "nonsense")), Catch::Contains("nonsense.pth"));
  CHECK_THAT(message((folder.path() / "none.h5").string()), Catch::Contains("none.h5"));
  const std::string bytes = bytes_of(folder.file());
  CHECK_THAT(message(folder.write("cut.h5", bytes.substr(0, bytes.size() / 2))),
             Catch::Contains("cut.h5"));
  Weights broken = weights_with_pca();
  broken.tensors["fc2.bias"].values[3] = std::numeric_limits<float>::infinity();
  const WeightsFolder with_infinity(broken);
  CHECK_THAT(message(with_infinity.file()), Catch::Contains("'fc2.bias': value 3 is inf"));
}

TEST_CASE("silence, one sample, a tail") {
  const WeightsFolder folder;
  Vggish vggish({0, vggish_options(folder.file())});
  CHECK(all_finite(encode_with(vggish, std::vector<float>(30000, 0.0F))));
  const Matrix one = encode_with(vggish, {0.5F});
  CHECK(one.rows() == 1);
  CHECK(all_finite(one));
  std::vector<float> samples = noise(kPatch - 1);
  const Matrix short_clip = encode_with(vggish, samples);
  samples.push_back(0);
  CHECK(short_clip == encode_with(vggish, samples));  // filled up with zeros
  samples.back() = 0.5F;
  CHECK_FALSE(short_clip == encode_with(vggish, samples));

  samples = noise(kPatch + 15360);
  CHECK(encode_with(vggish, samples).rows() == 2);
  samples.pop_back();
  const Matrix whole = encode_with(vggish, samples);
  CHECK(whole.rows() == 1);  // what is left is no patch
  samples.resize(kPatch);
  CHECK(whole == encode_with(vggish, samples));
}

TEST_CASE("more patches than go through the network at once") {
  const WeightsFolder folder;
  Vggish vggish({0, vggish_options(folder.file())});
  const std::vector<float> samples = noise(kPatch + 39 * 15360);
  const Matrix all = encode_with(vggish, samples);
  REQUIRE(all.rows() == 40);
  const Matrix last = encode_with(vggish, {samples.end() - kPatch, samples.end()});
  for (std::size_t i = 0; i < 128; ++i) {
    CHECK(all.at(39, i) == Approx(last.at(0, i)).margin(1e-4));
  }
}

TEST_CASE("a clip's frames are the same bits in a batch, alone and on any thread") {
  const WeightsFolder folder;
  Options options = vggish_options(folder.file());
  options["postprocess"] = std::string("pca");
  Vggish vggish({0, options});
  std::vector<std::vector<float>> clips;
  for (std::size_t i = 0; i < 5; ++i) clips.push_back(noise(kPatch + i * 15360, i));
  std::vector<Signal> signals;
  for (const auto& clip : clips) signals.push_back({"clip", clip, 1, clip.size()});
  const std::vector<Matrix> batch = vggish.encode(signals);
  std::vector<Matrix> parallel(clips.size());
  parallel_for(clips.size(), 4,
               [&](std::size_t i) { parallel[i] = encode_with(vggish, clips[i]); });
  for (std::size_t i = 0; i < clips.size(); ++i) {
    CHECK(batch[i] == encode_with(vggish, clips[i]));
    CHECK(batch[i] == parallel[i]);
  }
}

TEST_CASE("ends and post-processing") {
  const WeightsFolder folder;
  const std::vector<float> samples = noise(kPatch);
  std::set<std::string> spaces;
  const auto encode = [&](const std::string& end, const std::string& postprocess,
                          const std::string& rounding = "truncate") {
    Options options = vggish_options(folder.file());
    options["end"] = end;
    options["postprocess"] = postprocess;
    options["rounding"] = rounding;
    Vggish vggish({0, options});
    spaces.insert(vggish.content_sha256());
    return encode_with(vggish, samples);
  };
  const Matrix linear = encode("linear", "none");
  const Matrix relu = encode("relu", "none");
  bool negative = false;
  for (std::size_t i = 0; i < 128; ++i) {
    negative |= linear.at(0, i) < 0;
    CHECK(relu.at(0, i) == std::max(0.0, linear.at(0, i)));
  }
  CHECK(negative);
  const Matrix pca = encode("linear", "pca");
  const Matrix cut = encode("linear", "quantised");
  const Matrix rounded = encode("linear", "quantised", "nearest");
  for (std::size_t i = 0; i < 128; ++i) {
    const double clipped = std::clamp(pca.at(0, i), -2.0, 2.0);
    CHECK(cut.at(0, i) <= clipped + 1e-9);
    CHECK(cut.at(0, i) > clipped - 4.0 / 255 - 1e-9);
    CHECK(std::abs(rounded.at(0, i) - clipped) <= 2.0 / 255 + 1e-9);
  }
  CHECK_FALSE(encode("relu", "pca") == pca);
  CHECK(spaces.size() == 6);  // an embedding space each
  encode("linear", "none", "nearest");
  CHECK(spaces.size() == 6);  // nothing is rounded
}

TEST_CASE("post-processing without principal components") {
  const WeightsFolder folder(formula_weights(0.25));
  Options options = vggish_options(folder.file());
  options["postprocess"] = std::string("quantised");
  CHECK_THAT(message_of<DataError>([&] {
               Vggish({0, options});
             }),
             Catch::Contains("weights.h5") && Catch::Contains("vggish_pca_params.npz"));
}

TEST_CASE("what cannot be encoded is named") {
  const WeightsFolder folder;
  Vggish vggish({0, vggish_options(folder.file())});
  const auto message = [&](const Signal& signal) {
    return message_of<DataError>([&] { vggish.encode({&signal, 1}); });
  };
  std::vector<float> samples = noise(kPatch);
  CHECK_THAT(message({"none", {}, 1, 0}),
             Catch::Contains("item 'none'") && Catch::Contains("1 channels of 0 samples"));
  CHECK_THAT(message({"stereo", samples, 2, kPatch / 2}), Catch::Contains("2 channels"));
  samples[17] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message({"broken", samples, 1, kPatch}), Catch::Contains("nan at place 17"));
}

}  // namespace
}  // namespace musicrep

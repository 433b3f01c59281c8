#include "vggish/vggish_weights.h"

#include <catch2/catch.hpp>
#include <limits>

#include "musicrep/error.h"
#include "vggish/vggish_published.h"
#include "vggish_testing.h"

namespace musicrep {
namespace {

std::string problem_of(const Weights& weights) {
  return message_of<DataError>([&] { check_vggish_weights(weights, "w.h5:"); });
}

TEST_CASE("good weights pass") {
  CHECK_NOTHROW(check_vggish_weights(formula_weights(0.25), "w.h5:"));
  Weights weights = weights_with_pca();
  weights.tensors["head.weight"] = {{2, 128}, std::vector<float>(256)};
  weights.tensors["head.bias"] = {{2}, {0, 0}};
  weights.labels["tags"] = {"rock", "piano"};
  CHECK_NOTHROW(check_vggish_weights(weights, "w.h5:"));
  weights.labels["tags"].pop_back();
  CHECK_THAT(problem_of(weights), Catch::Contains("'head.bias': found shape [2], expected [1]"));
}

TEST_CASE("all that is wrong with weights is reported at once") {
  Weights weights = weights_with_pca();
  weights.tensors.erase("conv2.bias");
  weights.tensors["conv9.bias"] = {{1}, {0}};
  weights.tensors["fc2.bias"] = {{100}, std::vector<float>(100)};
  weights.tensors["conv1.weight"].values[7] = std::numeric_limits<float>::quiet_NaN();
  weights.tensors.erase("pca.relu.means");
  CHECK_THAT(problem_of(weights),
             Catch::Contains("w.h5:") && Catch::Contains("'conv2.bias' [32] is missing") &&
                 Catch::Contains("'conv9.bias'") &&
                 Catch::Contains("'fc2.bias': found shape [100], expected [128]") &&
                 Catch::Contains("'conv1.weight': value 7 is nan") &&
                 Catch::Contains("'pca.relu.means' [128] is missing"));
}

TEST_CASE("weights of another network, and a width that there is not") {
  Weights weights = formula_weights(0.25);
  weights.architecture = "tlm";
  CHECK_THAT(problem_of(weights), Catch::Contains("weights of 'tlm', expected those of 'vggish'"));
  weights.architecture = "vggish";
  weights.config["width"] = 0.3;
  CHECK_THAT(problem_of(weights),
             Catch::Contains("found the width 0.3, expected 1, 0.5, 0.25 or 0.125"));
  weights.config = nlohmann::json::object();
  CHECK_THAT(problem_of(weights), Catch::Contains("found the width null"));
  weights.config["width"] = 1;
  CHECK_THAT(problem_of(weights), Catch::Contains("'fc1_1.weight': found shape [512, 3072]"));
}

TEST_CASE("names of published layouts") {
  CHECK(vggish_published_name("conv3_1.weight", VggishLayout::kTensorflow) ==
        "vggish/conv3/conv3_1/weights");
  CHECK(vggish_published_name("fc2.bias", VggishLayout::kTensorflow) == "vggish/fc2/biases");
  CHECK(vggish_published_name("conv4_2.bias", VggishLayout::kTorch) == "features.13.bias");
  CHECK(vggish_published_name("fc1_2.weight", VggishLayout::kTorch) == "embeddings.2.weight");
  CHECK(vggish_published_name("fc1_1.weight", VggishLayout::kKeras) == "vggish_fc1/fc1_1/kernel");
  CHECK(vggish_published_name("conv1.bias", VggishLayout::kKeras) == "conv1/bias");
}

TEST_CASE("an empty file of tensors is compared with the published width") {
  double width = 0;
  const std::string message = message_of<DataError>(
      [&] { from_published_vggish({}, VggishLayout::kTensorflow, "x.ckpt:", width); });
  CHECK_THAT(message, Catch::Contains("'vggish/conv2/weights' [3, 3, 64, 128] is missing") &&
                          Catch::Contains("'vggish/fc1/fc1_1/weights' [12288, 4096] is missing"));
}

TEST_CASE("numbers within 10 % of what is expected pass the smoke test, others do not") {
  const std::vector<VggishExpectation> expected = published_vggish_expectations();
  std::vector<VggishMeasured> measured{{"linear", {0.00071, 0.32}, VggishMoments{120, 95}},
                                       {"relu", {0.13, 0.25}, std::nullopt}};
  CHECK_NOTHROW(check_vggish_smoke_test(measured, expected, "x.ckpt"));
  measured[0].embedding.mean = 0.00073;
  measured[0].bytes->deviation = 100;
  measured[1].embedding.deviation = -0.238;
  const std::string message =
      message_of<DataError>([&] { check_vggish_smoke_test(measured, expected, "x.ckpt"); });
  CHECK_THAT(message,
             Catch::Contains("x.ckpt") &&
                 Catch::Contains("'linear', mean: found 0.00073, expected 0.000657 within 10 %") &&
                 Catch::Contains("standard deviation after post-processing: found 100") &&
                 Catch::Contains("'relu', standard deviation: found -0.238"));
  CHECK_THAT(message, !Catch::Contains("'relu', mean"));
}

TEST_CASE("the smoke test measures both ends, and accepts the expected results that are passed") {
  const Weights weights = weights_with_pca();
  const std::vector<VggishMeasured> measured = run_vggish_smoke_test(weights);
  REQUIRE(measured.size() == 2);
  CHECK(measured[0].end == "linear");
  CHECK(measured[1].end == "relu");
  CHECK(measured[1].embedding.mean > 0);
  CHECK(measured[0].bytes.has_value());
  std::vector<VggishExpectation> expected;
  for (const VggishMeasured& m : measured) {
    expected.push_back({m.end, {m.embedding.mean * 1.05, m.embedding.deviation}, *m.bytes});
  }
  CHECK_NOTHROW(check_vggish_smoke_test(measured, expected, "x"));
  CHECK_THAT(message_of<DataError>(
                 [&] { check_vggish_smoke_test(measured, published_vggish_expectations(), "x"); }),
             Catch::Contains("expected 0.343 within 10 %"));
}

}  // namespace
}  // namespace musicrep

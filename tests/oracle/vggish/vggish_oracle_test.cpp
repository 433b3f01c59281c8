// VGGish against NumPy and PyTorch with the same weights (reference.py, make_fixture.py).
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "musicrep/error.h"
#include "oracle/audio/signals.h"
#include "oracle/vggish/formula.h"
#include "test_files.h"
#include "vggish/vggish.h"
#include "vggish/vggish_postprocess.h"
#include "vggish/vggish_weights.h"

namespace musicrep {
namespace {

const std::string kHere = MUSICREP_TEST_DIR "/oracle/vggish/";

nlohmann::json fixture() { return nlohmann::json::parse(read_file(kHere + "fixture.json")); }

Options options_of(const std::string& weights) {
  Options options;
  for (const OptionSpec& spec : Vggish::static_info().options) {
    options[spec.name] = spec.default_value;
  }
  options["weights"] = weights;
  return options;
}

void check_embeddings(double width, const char* name) {
  const TempFolder folder;
  const std::string path = (folder.path() / "weights.h5").string();
  write_weights(path, formula_weights(width));
  std::vector<float> samples;
  for (const std::int16_t s : music(33000, 16000, 1)) {
    samples.push_back(static_cast<float>(s) / 32768);
  }
  Vggish vggish({0, options_of(path)});
  const Signal signal = {"music", samples, 1, samples.size()};
  const Matrix found = vggish.encode({&signal, 1}).at(0);
  const nlohmann::json all = fixture();
  const auto expected = all.at(name).get<std::vector<std::vector<double>>>();
  REQUIRE(found.rows() == expected.size());
  double worst = 0;
  double largest = 0;
  for (std::size_t t = 0; t < expected.size(); ++t) {
    for (std::size_t i = 0; i < 128; ++i) {
      worst = std::max(worst, std::abs(found.at(t, i) - expected[t][i]));
      largest = std::max(largest, std::abs(expected[t][i]));
    }
  }
  CHECK(largest > 1);  // so that 1e-4 means something
  CHECK(worst < 1e-4);
}

TEST_CASE("audio to embeddings as in PyTorch, a quarter of the width") {
  check_embeddings(0.25, "quarter");
}

TEST_CASE("audio to embeddings as in PyTorch, full width") { check_embeddings(1, "full"); }

TEST_CASE("post-processing as in NumPy, to the last of the eight bits") {
  const VggishPca pca{formula_numbers({128, 128}, 100, 0.4).values,
                      formula_numbers({128}, 101, 0.3).values};
  std::vector<float> embeddings = formula_numbers({6, 128}, 102, 1).values;
  for (std::size_t i = 0; i < 128; ++i) {
    embeddings[4 * 128 + i] = pca.means[i];
    embeddings[5 * 128 + i] = pca.means[i] + 100;
  }
  const nlohmann::json all = fixture();
  std::vector<double> y(128);
  for (std::size_t t = 0; t < 6; ++t) {
    pca.apply(std::span(embeddings).subspan(t * 128, 128), y);
    for (std::size_t i = 0; i < 128; ++i) {
      CHECK(vggish_quantised(y[i], VggishRounding::kTruncate) == all.at("truncated")[t][i]);
      CHECK(vggish_quantised(y[i], VggishRounding::kNearest) == all.at("rounded")[t][i]);
    }
  }
  CHECK(all.at("truncated")[4][0] == 127);  // 127.5
  CHECK(all.at("rounded")[4][0] == 128);
}

/// The published layouts, written by h5py, PyTorch and the writer of weights' own tests.
const TempFolder& published() {
  static const TempFolder folder;
  static const int status = std::system(
      ("/usr/bin/python3 " + kHere + "make_published.py " + folder.path().string()).c_str());
  REQUIRE(status == 0);
  return folder;
}

TEST_CASE("each published layout gives the same network") {
  const NamedTensors expected = formula_weights(0.25).tensors;
  for (const char* file : {"torchvggish.pth", "legacy.pth", "vggish.h5", "vggish_model.ckpt"}) {
    CAPTURE(file);
    const Weights weights = read_published_vggish(published().path() / file);
    CHECK(weights.config.at("width") == 0.25);
    CHECK(weights.source.at("file") == file);
    CHECK(weights.source.at("file_sha256").get<std::string>().size() == 64);
    CHECK(weights.tensors == expected);
  }
}

TEST_CASE("principal components come from the file beside the weights") {
  const Weights weights = read_published_vggish(published().path() / "with_pca/torchvggish.pth");
  const std::optional<VggishPca> pca = vggish_pca(weights, "linear");
  REQUIRE(pca);
  CHECK(pca->eigen_vectors == formula_numbers({128, 128}, 100, 0.4).values);
  CHECK(pca->means == formula_numbers({128}, 101, 0.3).values);
  CHECK(vggish_pca(weights, "relu")->means == pca->means);
}

TEST_CASE("random weights in a published layout fail the official smoke test") {
  const auto message = [](const std::string& file) {
    return message_of<DataError>([&] {
      const TempFolder folder;
      Vggish::import_weights((published().path() / file).string(),
                             (folder.path() / "out.h5").string());
    });
  };
  const std::string plain = message("torchvggish.pth");
  CHECK_THAT(plain, Catch::Contains("torchvggish.pth") &&
                        Catch::Contains("not the published weights of VGGish") &&
                        Catch::Contains("end 'linear', standard deviation: found") &&
                        Catch::Contains("expected 0.343 within 10 %") &&
                        Catch::Contains("end 'relu', mean: found") &&
                        Catch::Contains("expected 0.131") && !Catch::Contains("post-processing"));
  CHECK_THAT(message("with_pca/torchvggish.pth"), Catch::Contains("after post-processing"));
}

TEST_CASE("an imported file and the published one are one embedding space") {
  const TempFolder folder;
  const std::string imported = (folder.path() / "imported.h5").string();
  const VggishSource source{.path = published().path() / "with_pca/torchvggish.pth",
                            .smoke_test = false};
  write_weights(imported, read_vggish_weights(source));
  Options direct = options_of(source.path.string());
  direct["smoke_test"] = false;
  CHECK(Vggish({0, direct}).content_sha256() == Vggish({0, options_of(imported)}).content_sha256());
}

TEST_CASE("every tensor that is wrong is reported by its name in the file") {
  const std::string message =
      message_of<DataError>([] { read_published_vggish(published().path() / "broken.pth"); });
  CHECK_THAT(message, Catch::Contains("broken.pth") &&
                          Catch::Contains("'features.0.bias': value 3 is nan") &&
                          Catch::Contains("'features.3.weight' [32, 16, 3, 3] is missing") &&
                          Catch::Contains("'features.3.weigth'") &&
                          Catch::Contains("'embeddings.4.bias': found shape [100]"));
}

}  // namespace
}  // namespace musicrep

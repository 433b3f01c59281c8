// Checkpoints that PyTorch wrote, imported, against PyTorch and SciPy with the same weights
// (make_fixture.py).
#include <torch/torch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <string>

#include "formats/npz.h"
#include "mtlmr/mtlmr.h"
#include "mtlmr/mtlmr_weights.h"
#include "musicrep/error.h"
#include "oracle/audio/signals.h"
#include "test_files.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;

const NpzFile& fixture() {
  static const NpzFile file(MUSICREP_TEST_DIR "/oracle/mtlmr/fixture.npz");
  return file;
}

/// The fixture's checkpoint in a folder, with or without its scaler beside it.
std::string checkpoint(const TempFolder& folder, const std::string& key, bool with_scaler = true) {
  const NpyArray bytes = fixture().read(key + "_pth");
  if (with_scaler) {
    fs::copy_file(MUSICREP_TEST_DIR "/oracle/mtlmr/mel_standard_scaler_params.npz",
                  folder.path() / "mel_standard_scaler_params.npz",
                  fs::copy_options::overwrite_existing);
  }
  return folder.write(key + ".pth", bytes.bytes.substr(bytes.offset, bytes.size()));
}

std::vector<float> stereo(double seconds) {
  const auto n = static_cast<std::size_t>(22050 * seconds);
  std::vector<float> out;
  for (const std::int16_t x : music(n, 22050)) out.push_back(static_cast<float>(x) / 32768);
  for (const std::int16_t x : music(n, 22050, 2)) out.push_back(static_cast<float>(x >> 2) / 32768);
  return out;
}

EncoderArgs with(const std::string& weights, const std::string& last_patch = {}) {
  EncoderArgs args;
  args.options = {{"weights", weights}, {"last_patch", last_patch}};
  return args;
}

Matrix encode(Mtlmr& encoder, const std::vector<float>& samples) {
  const Signal signal = {"a clip", samples, 2, samples.size() / 2};
  return encoder.encode({&signal, 1}).at(0);
}

double worst_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

std::vector<double> values_of(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

TEST_CASE("MTLMR agrees with PyTorch from audio, shared and branched, however a clip ends") {
  const TempFolder folder;
  for (const std::string key : {"fc", "branched"}) {
    const std::string path = checkpoint(folder, key);
    for (const std::string last_patch : {"drop", "zero-db"}) {
      Mtlmr encoder(with(path, last_patch));
      for (const auto& [name, seconds] : {std::pair("long", 6), std::pair("short", 1)}) {
        CAPTURE(key, last_patch, name);
        const std::vector<double> expected =
            fixture().read(key + "_" + name + "_" + last_patch).to_numbers();
        const Matrix found = encode(encoder, stereo(seconds));
        CHECK(found.rows() == 1);
        CHECK(worst_difference(found.values(), expected) < 1e-3);
      }
    }
    // What the release does is the default for what it made.
    Mtlmr by_default(with(path));
    CHECK(worst_difference(encode(by_default, stereo(6)).values(),
                           fixture().read(key + "_long_zero-db").to_numbers()) < 1e-3);
  }
}

TEST_CASE("MTLMR's network and heads agree with PyTorch on patches, folded or not") {
  const TempFolder folder;
  std::vector<float> values = noise(3 * 2 * 216 * 128, 9);
  for (float& x : values) x = -40 + 20 * x;
  const torch::Tensor patches = torch::from_blob(values.data(), {3, 2, 216, 128});
  const torch::NoGradGuard no_grad;
  for (const std::string key : {"fc", "branched"}) {
    const std::string path = checkpoint(folder, key);
    MtlmrNet net = mtlmr_network(read_mtlmr_weights(path), path);
    for (const bool folded : {false, true}) {
      if (folded) net->fold();
      for (std::size_t task = 0; task < 2; ++task) {
        CAPTURE(key, folded, task);
        const std::string place = "_" + std::to_string(task);
        const torch::Tensor features = net->features(patches, task);
        const Matrix expected = fixture().read(key + "_features" + place).to_matrix();
        CHECK(worst_difference(values_of(features), expected.values()) < 1e-4);
        const torch::Tensor input = net->config().heads[task].siamese
                                        ? torch::cat({features, torch::roll(features, 1, 0)}, 1)
                                        : features;
        const Matrix logits = fixture().read(key + "_logits" + place).to_matrix();
        CHECK(worst_difference(values_of(net->logits(input, task)), logits.values()) < 1e-4);
      }
    }
  }
}

TEST_CASE("an imported checkpoint, and the file that import writes, are the same weights") {
  const TempFolder folder;
  const std::string path = checkpoint(folder, "branched");
  const std::string imported = (folder.path() / "imported.h5").string();
  Mtlmr::import_weights(path, imported);
  const Weights weights = read_weights(imported);
  CHECK(weights.architecture == "mtlmr");
  CHECK(weights.config["branch_at"] == "4");
  CHECK(weights.config["tasks"].size() == 2);
  CHECK(weights.config["tasks"][0]["name"] == "bpm");
  CHECK(weights.config["tasks"][0]["outputs"] == 7);
  CHECK(weights.config["tasks"][1]["siamese"] == true);
  CHECK(weights.config["last_patch"] == "zero-db");
  CHECK(weights.source["kind"] == "imported");
  Mtlmr a(with(path));
  Mtlmr b(with(imported));
  CHECK(a.content_sha256() == b.content_sha256());
  CHECK(encode(a, stereo(3)) == encode(b, stereo(3)));
}

TEST_CASE("a checkpoint that is not whole is reported of") {
  const TempFolder folder;
  const std::string path = checkpoint(folder, "fc", false);
  const auto import_message = [&](const std::string& from) {
    return message_of<DataError>(
        [&] { Mtlmr::import_weights(from, (folder.path() / "out.h5").string()); });
  };
  CHECK_THAT(import_message(path),
             Catch::Contains("fc.pth") && Catch::Contains("mel_standard_scaler_params.npz"));
  checkpoint(folder, "fc");
  const std::string bytes = bytes_of(path);
  CHECK_THAT(import_message(folder.write("cut.pth", bytes.substr(0, bytes.size() / 2))),
             Catch::Contains("cut.pth"));
  CHECK_THAT(import_message(folder.write("text.pth", "no weights")), Catch::Contains("text.pth"));
  CHECK_THAT(import_message((folder.path() / "none.pth").string()), Catch::Contains("none.pth"));
  CHECK_FALSE(fs::exists(folder.path() / "out.h5"));
  fs::remove(folder.path() / "mel_standard_scaler_params.npz");
  fs::copy_file(MUSICREP_TEST_DIR "/oracle/formats/stored.npz",
                folder.path() / "mel_standard_scaler_params.npz");
  CHECK_THAT(import_message(path), Catch::Contains("expected one of mean"));
}

}  // namespace
}  // namespace musicrep

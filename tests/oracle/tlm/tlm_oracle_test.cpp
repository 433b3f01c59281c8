// TLM from samples and weights files, end to end, against PyTorch (make_fixture.py).
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audio/load.h"
#include "audio/resample.h"
#include "data_dir.h"
#include "oracle/audio/signals.h"
#include "oracle/tlm/tlm_testing.h"
#include "test_files.h"

namespace musicrep {
namespace {

nlohmann::json fixture(const std::string& name) {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/tlm/" + name);
  return nlohmann::json::parse(in);
}

/// The greatest difference of any clip's any dimension; every row must have 160.
double worst_difference(const std::vector<Matrix>& found,
                        const std::vector<std::vector<double>>& expected) {
  REQUIRE(found.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].rows() == 1);
    REQUIRE(found[i].cols() == 160);
    for (std::size_t k = 0; k < 160; ++k) {
      worst = std::max(worst, std::abs(found[i].at(0, k) - expected[i].at(k)));
    }
  }
  return worst;
}

TEST_CASE("TLM agrees on all 160 dimensions, in both published layouts") {
  const nlohmann::json expected = fixture("fixture.json");
  std::vector<Pcm> clips;
  for (const nlohmann::json& clip : expected["clips"]) {
    const std::vector<std::int16_t> samples = music(clip["n"], clip["rate"]);
    Pcm pcm = {clip["rate"], 1, samples.size(), {}};
    for (const std::int16_t x : samples) pcm.values.push_back(static_cast<float>(x) / 32768.0F);
    clips.push_back(resampled(std::move(pcm), 12000, ResamplerKind::kKaiserBest));
  }
  REQUIRE(clips.size() == 3);
  const TempFolder folder;
  for (const std::string layout : {"keras2", "theano"}) {
    CAPTURE(layout);
    const std::string published = MUSICREP_TEST_DIR "/oracle/tlm/" + layout + ".hdf5";
    const std::vector<std::vector<double>> rows = expected[layout];
    CHECK(worst_difference(encode_batch(published, clips), rows) < 1e-3);
    // The same from the project's own file.
    const std::string imported = (folder.path() / (layout + ".h5")).string();
    Tlm::import_weights(published, imported);
    CHECK(worst_difference(encode_batch(imported, clips), rows) < 1e-3);
  }
}

TEST_CASE("TLM agrees on real clips with the published weights") {
  const nlohmann::json expected = fixture("real.json");
  const auto genres = data_path("gtzan/genres");
  const auto keras2 = data_path("choi2017/keras2_model/model_best.hdf5");
  const auto theano = data_path("choi2017/weights_transfer/weights_layer4_theano.hdf5");
  if (!genres || !keras2 || !theano) return;
  std::vector<Pcm> clips;
  for (const std::string file : expected["files"]) {
    clips.push_back(load_audio(*genres / file, Tlm::static_info()));
  }
  CHECK(worst_difference(encode_batch(*keras2, clips), expected["keras2"]) < 1e-3);
  CHECK(worst_difference(encode_batch(*theano, clips), expected["theano"]) < 1e-3);
}

}  // namespace
}  // namespace musicrep

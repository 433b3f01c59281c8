// The encoder on feature files that others published.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/options.h"
#include "data_dir.h"
#include "datasets/dataset.h"
#include "features/features.h"

using musicrep::Dataset;
using musicrep::Features;
using musicrep::Matrix;
using musicrep::Options;
using musicrep::Signal;
using Texts = std::vector<std::string>;

namespace {

Features make(const Options& options) {
  musicrep::EncoderArgs args;
  args.options = musicrep::complete_options("features", Features::static_info().options, options);
  return Features(args);
}

std::vector<Matrix> encode_all(Features& encoder, const Texts& ids) {
  encoder.check_items(ids);
  std::vector<Signal> signals;
  for (const std::string& id : ids) signals.push_back({id, {}, 0, 0});
  return encoder.encode(signals);
}

}  // namespace

TEST_CASE("features: musicnn's tags of GTZAN, train and test, as frames") {
  const auto features = musicrep::data_path("gtzan_musicnn");
  const auto metadata = musicrep::data_path("gtzan/metadata");
  if (!features || !metadata) return;
  const Dataset gtzan = musicrep::load_dataset(
      "gtzan", "gtzan", {{"metadata", metadata->string()}, {"splits", Texts{"train", "test"}}});
  Features encoder =
      make({{"files", Texts{(*features / "training_data_GTZAN_MSDmusicnn_taggram.npz").string(),
                            (*features / "evaluation_data_GTZAN_MSDmusicnn_taggram.npz").string()}},
            {"join", std::string("rows")},
            {"id_from", std::string("stem")}});
  const std::vector<Matrix> items = encode_all(encoder, gtzan.ids);
  CHECK(items.size() == 443 + 290);
  CHECK(encoder.ignored_ids() == 0);
  std::size_t frames = 0;
  for (const Matrix& item : items) {
    REQUIRE(item.cols() == 50);
    frames += item.rows();
  }
  CHECK(frames == 12415 + 8127);
  // The first values of the test file, which is its first item's.
  const auto first = std::find(gtzan.ids.begin(), gtzan.ids.end(), "blues.00012");
  const Matrix& item = items[static_cast<std::size_t>(first - gtzan.ids.begin())];
  CHECK(item.at(0, 0) == Approx(5.3007692e-02).epsilon(1e-7));
  CHECK(item.at(1, 1) == Approx(1.6692996e-02).epsilon(1e-7));
}

TEST_CASE("features: the five layers of Choi et al. stand side by side") {
  const auto path = musicrep::data_path("choi2017/data_feats");
  if (!path) return;
  Texts files;
  for (int layer = 0; layer < 5; ++layer) {
    files.push_back((*path / ("gtzan_genre_layer_" + std::to_string(layer) + ".npy")).string());
  }
  Features encoder = make({{"files", files}});
  const Texts ids = musicrep::load_dataset("gtzan", "gtzan", {}).ids;
  const std::vector<Matrix> items = encode_all(encoder, ids);
  CHECK(items.size() == 1000);
  for (const Matrix& item : items) {
    REQUIRE(item.rows() == 1);
    REQUIRE(item.cols() == 160);
  }
  Features last = make({{"files", Texts{files[4]}}});
  CHECK(encode_all(last, ids)[999].at(0, 31) == items[999].at(0, 159));
}

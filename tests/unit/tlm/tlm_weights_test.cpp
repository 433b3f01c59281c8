#include "tlm/tlm_weights.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "data_dir.h"
#include "musicrep/error.h"
#include "tlm_testing.h"

namespace musicrep::tlm {
namespace {

const std::string kKeras2 = MUSICREP_TEST_DIR "/oracle/tlm/keras2.hdf5";
const std::string kTheano = MUSICREP_TEST_DIR "/oracle/tlm/theano.hdf5";

TEST_CASE("both published layouts are recognised and imported") {
  const TempFolder folder;
  for (const auto& [file, variant] : {std::pair{kKeras2, "keras2"}, {kTheano, "theano-batch"}}) {
    const std::string out = (folder.path() / "out.h5").string();
    Tlm::import_weights(file, out);
    const Weights weights = load_weights(out);
    CHECK(weights.architecture == "tlm");
    CHECK(weights.config.at("variant") == variant);
    CHECK(weights.source.at("kind") == "imported");
    CHECK(weights.labels.at("tags").size() == 50);
    CHECK(sha256_of(weights) == sha256_of(load_weights(file)));
    CHECK_THAT(make_tlm({{"weights", out}}).notes().at(0), Catch::Contains("Million Song Dataset"));
  }
}

TEST_CASE("a published file that is cut off, or of another kind, is named") {
  const TempFolder folder;
  const std::string bytes = bytes_of(kTheano);
  for (const std::size_t n : {std::size_t{0}, std::size_t{100}, bytes.size() / 2}) {
    const std::string path = folder.write("cut.hdf5", bytes.substr(0, n));
    CHECK_THAT(message_of<DataError>([&] { load_weights(path); }), Catch::Contains("cut.hdf5"));
  }
  const std::string text = folder.write("text.hdf5", "no weights at all");
  CHECK_THAT(message_of<DataError>([&] { load_weights(text); }), Catch::Contains("text.hdf5"));
  CHECK_THAT(message_of<DataError>([&] { load_weights(folder.path() / "absent.hdf5"); }),
             Catch::Contains("absent.hdf5"));
}

TEST_CASE("the project's file with other tensors is refused, all of them at once") {
  const TempFolder folder;
  const auto message = [&](const Weights& weights) {
    const std::string path = (folder.path() / "weights.h5").string();
    write_weights(path, weights);
    return message_of<DataError>([&] { load_weights(path); });
  };
  Weights weights = small_weights("keras2");
  weights.tensors.erase("block3.conv.bias");
  weights.tensors["block2.norm.weight"] = {{31}, std::vector<float>(31, 1.0F)};
  weights.tensors["block6.conv.bias"] = {{32}, std::vector<float>(32, 1.0F)};
  CHECK_THAT(message(weights), Catch::Contains("'block3.conv.bias' [32] is missing") &&
                                   Catch::Contains("found shape [31], expected [32]") &&
                                   Catch::Contains("block6.conv.bias"));
  weights = small_weights("keras2");
  weights.architecture = "vggish";
  CHECK_THAT(message(weights), Catch::Contains("'vggish'"));
  weights = small_weights("keras2");
  weights.config = {{"n_tags", 3}};
  CHECK_THAT(message(weights), Catch::Contains("names no variant"));
}

TEST_CASE("the published files hold what TLM needs") {
  const auto keras2 = data_path("choi2017/keras2_model/model_best.hdf5");
  const auto theano = data_path("choi2017/weights_transfer/weights_layer4_theano.hdf5");
  if (!keras2 || !theano) return;
  CHECK(load_weights(*keras2).config.at("variant") == "keras2");
  CHECK(load_weights(*theano).config.at("variant") == "theano-batch");
}

}  // namespace
}  // namespace musicrep::tlm

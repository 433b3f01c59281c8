#include "weights/weights_file.h"

#include <cmath>
#include <limits>

#include "store/hdf5.h"
#include "store/seal.h"
#include "weights_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

Weights sample() {
  Weights weights;
  weights.architecture = "tiny";
  weights.config = {{"width", 4}, {"variant", "keras2"}};
  weights.source = {{"kind", "trained"}, {"corpus", "orchestrion events"}, {"seed", 3}};
  weights.tensors["conv.weight"] = {.shape = {2, 1, 3, 1}, .values = {1, -0.0F, 3e-45F, 4, 5, 6}};
  weights.tensors["scale"] = {.shape = {}, .values = {0.1F}};
  weights.tensors["none"] = {.shape = {0, 5}, .values = {}};
  weights.tensors["dense/kernel"] = {.shape = {3}, .values = {7, 8, 9}};
  FloatTensor large{.shape = {300, 50}, .values = std::vector<float>(15000)};
  for (std::size_t i = 0; i < large.values.size(); ++i) large.values[i] = std::sqrt(float(i));
  weights.tensors["large"] = large;
  weights.curves["loss"] = {0.7, 0.1, std::numeric_limits<double>::infinity()};
  weights.curves["empty"] = {};
  weights.labels["tags"] = {"Rock music", "初音ミク"};
  return weights;
}

bool same(const Weights& a, const Weights& b) {
  return a.architecture == b.architecture && a.config == b.config && a.source == b.source &&
         a.tensors == b.tensors && a.curves == b.curves && a.labels == b.labels;
}

TEST_CASE("weights come back as they were written, and equal ones are equal bytes") {
  const TempFolder folder;
  write_weights(folder.path() / "a.h5", sample());
  write_weights(folder.path() / "b.h5", sample());
  const Weights found = read_weights(folder.path() / "a.h5");
  CHECK(same(found, sample()));
  CHECK(std::signbit(found.tensors.at("conv.weight").values[1]));
  CHECK(bytes_of(folder.path() / "a.h5") == bytes_of(folder.path() / "b.h5"));
  CHECK(is_weights_file(folder.path() / "a.h5"));
}

TEST_CASE("weights without a tensor, a curve or a label come back") {
  const TempFolder folder;
  Weights empty;
  empty.architecture = "none";
  empty.config = nlohmann::json::object();
  empty.source = nlohmann::json::object();
  write_weights(folder.path() / "a.h5", empty);
  CHECK(same(read_weights(folder.path() / "a.h5"), empty));
}

TEST_CASE("the hash of weights sees all that can move an output, and nothing else") {
  const std::string hash = sha256_of(sample());
  const auto changed = [&](auto&& change) {
    Weights weights = sample();
    change(weights);
    return sha256_of(weights) != hash;
  };
  CHECK(changed([](Weights& w) { w.architecture = "other"; }));
  CHECK(changed([](Weights& w) { w.config["width"] = 5; }));
  CHECK(changed([](Weights& w) { w.tensors["scale"].values[0] = 0.2F; }));
  CHECK(changed([](Weights& w) { w.tensors["conv.weight"].values[1] = 0; }));
  CHECK(changed([](Weights& w) { w.tensors["conv.weight"].shape = {1, 2, 3, 1}; }));
  CHECK(changed([](Weights& w) { w.tensors.erase("none"); }));
  CHECK_FALSE(changed([](Weights& w) { w.source["seed"] = 4; }));
  CHECK_FALSE(changed([](Weights& w) { w.curves.clear(); }));
}

TEST_CASE("every damaged byte and every cut of a weights file is seen") {
  const TempFolder folder;
  write_weights(folder.path() / "a.h5", sample());
  const std::string bytes = bytes_of(folder.path() / "a.h5");
  for (std::size_t at = 0; at < bytes.size(); at += 997) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    const std::string path = folder.write("bad.h5", bad);
    CHECK_THAT(data_error_of([&] { return read_weights(path); }), Contains("is damaged"));
    const std::string cut = folder.write("cut.h5", bytes.substr(0, at));
    CHECK_THAT(data_error_of([&] { return read_weights(cut); }), Contains("is cut short"));
    CHECK_FALSE(is_weights_file(cut));
  }
}

TEST_CASE("what is no weights file is refused by name") {
  const TempFolder folder;
  const auto error = [](const std::string& path) {
    return data_error_of([&] { return read_weights(path); });
  };
  const std::string missing = (folder.path() / "missing.h5").string();
  CHECK_THAT(error(missing), Contains("there is no file") && Contains("missing.h5"));
  CHECK_THAT(data_error_of([&] { return is_weights_file(missing); }), Contains("missing.h5"));
  CHECK_FALSE(is_weights_file(folder.write("short", "x")));
  CHECK_THAT(error(folder.write("text", "no seal")), Contains("expected a seal at its end"));

  const std::string sealed = folder.write("sealed.h5", "no HDF5");
  append_seal(sealed);
  CHECK_FALSE(is_weights_file(sealed));
  CHECK_THAT(error(sealed), Contains("is not an HDF5 file"));

  const auto made = [&](auto&& fill) {
    const std::filesystem::path path = folder.path() / "made.h5";
    Hdf5File file(path, Hdf5File::Mode::kCreate);
    fill(file);
    file.close();
    append_seal(path);
    return error(path.string());
  };
  CHECK_THAT(made([](Hdf5File& file) {
               file.write_attribute("/", "schema", std::string("musicrep-results"));
             }),
             Contains("made.h5") && Contains("'musicrep-results', expected 'musicrep-weights'"));
  CHECK_THAT(made([](Hdf5File& file) {
               file.write_attribute("/", "schema", std::string("musicrep-weights"));
               file.write_attribute("/", "schema_version", std::int64_t{2});
             }),
             Contains("of schema version 2; this program reads up to 1"));
  const auto with_config = [](const std::string& text) {
    return [text](Hdf5File& file) {
      file.write_attribute("/", "schema", std::string("musicrep-weights"));
      file.write_attribute("/", "schema_version", std::int64_t{1});
      file.write_attribute("/", "architecture", std::string("tiny"));
      file.write_attribute("/", "content_sha256", std::string("0"));
      for (const char* name : {"/config", "/source"}) {
        file.write(name, std::span<const std::string>(&text, 1));
      }
      for (const char* group : {"/tensors", "/curves", "/labels"}) file.make_group(group);
    };
  };
  CHECK_THAT(made(with_config("[1]")), Contains("'/config' does not hold a JSON object"));
  CHECK_THAT(made(with_config("{")), Contains("'/config' does not hold a JSON object"));
  CHECK_THAT(made(with_config("{}")), Contains("does not agree with its SHA-256"));
}

TEST_CASE("weights that cannot be written leave no file") {
  const TempFolder folder;
  const std::string file = folder.write("file", "x");
  CHECK_THAT(data_error_of([&] { write_weights(file + "/a.h5", sample()); }), Contains("/file'"));
  Weights bad = sample();
  bad.tensors["scale"] = {.shape = {}, .values = {1}};
  bad.tensors["scale/below"] = {.shape = {}, .values = {1}};  // below what is no group
  CHECK_THAT(data_error_of([&] { write_weights(folder.path() / "a.h5", bad); }),
             Contains("/tensors/scale/below"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "a.h5"));
}

}  // namespace
}  // namespace musicrep

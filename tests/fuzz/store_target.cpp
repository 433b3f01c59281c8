// Files of our own: results, weights and artefacts as HDF5 with a valid seal made by somebody else,
// an artefact as it stands, and the JSON of stored rows.
#include "core/hash.h"
#include "fuzz.h"
#include "store/artefacts.h"
#include "store/results.h"
#include "store/seal.h"
#include "store/stored.h"
#include "unit/store/sample_results.h"
#include "weights/weights_file.h"

namespace musicrep::fuzz {
namespace {

/// What stands before the seal; a good one is put behind what was made of it.
std::string without_seal(const std::string& bytes) {
  return bytes.substr(0, bytes.rfind("\nmusicrep-sha256:"));
}

std::filesystem::path sealed(const std::string& bytes) {
  auto path = input_file("input.h5", bytes);
  append_seal(path);
  return path;
}

void read_results_of(const std::string& bytes) { static_cast<void>(read_results(sealed(bytes))); }

std::vector<std::string> results() {
  Results seed = sample_results();
  seed.experiment_toml = "[experiment]\n";
  write_results(seed, folder() / "seed.h5");
  return {without_seal(written_file("seed.h5"))};
}

void read_weights_of(const std::string& bytes) { static_cast<void>(read_weights(sealed(bytes))); }

std::vector<std::string> weights() {
  Weights seed;
  seed.architecture = "tiny";
  seed.config = {{"width", 4}};
  seed.source = {{"kind", "trained"}};
  seed.tensors["conv1.weight"] = {.shape = {2, 3}, .values = {1, 2, 3, 4, 5, 6}};
  seed.tensors["scale"] = {.shape = {}, .values = {1}};
  seed.curves["loss"] = {1, 0.5};
  seed.labels["tags"] = {"rock", "ü"};
  write_weights(folder() / "seed.h5", seed);
  return {without_seal(written_file("seed.h5"))};
}

const std::string kKeyJson = R"({"encoder":"mfcc","seed":1})";

/// The whole of an artefact's file, seal included: damage must be noticed.
void read_artefact(const std::string& bytes) {
  std::filesystem::create_directories(folder() / "input/embeddings");
  const ArtefactStore store(folder() / "input");
  input_file("input/embeddings/" + sha256_hex(kKeyJson) + ".h5", bytes);
  static_cast<void>(store.list());
  if (!store.get_embeddings(sha256_hex(kKeyJson))) throw DataError("input: set aside");
}

std::vector<std::string> artefacts() {
  const ArtefactStore store(folder() / "seeds");
  store.put_embeddings(sha256_hex(kKeyJson), kKeyJson, "a test",
                       {.ids = {"a", "b"},
                        .values = Matrix(3, 2, {1, 2, 3, 4, 5, 0.1}),
                        .frames = {1, 2},
                        .notes = {"a note"},
                        .views = {{"layer 1", {{0, 1}}}}});
  return {written_file("seeds/embeddings/" + sha256_hex(kKeyJson) + ".h5")};
}

template <typename T>
void read_stored(const std::string& bytes) {
  if (!stored_value<T>(bytes)) throw DataError("input: of another layout");
}

std::vector<std::string> rows() { return {nlohmann::json(sample_row("mfcc")).dump()}; }
std::vector<std::string> whole_results() {
  Results seed = sample_results();
  seed.experiment_toml = "";
  return {nlohmann::json(seed).dump()};
}

const Registration hdf5_results({"hdf5_results", read_results_of, results, 8});
const Registration hdf5_weights({"hdf5_weights", read_weights_of, weights, 8});
const Registration artefact({"artefact", read_artefact, artefacts, 8});
const Registration row({"stored_row", read_stored<ResultRow>, rows});
const Registration all({"stored_results", read_stored<Results>, whole_results});

}  // namespace
}  // namespace musicrep::fuzz

// store_oracle write FOLDER: results.h5, its JSON, and an artefact of embeddings.
// store_oracle results FILE: reads results.h5; the standard output has the message of the error, or
// nothing.
// store_oracle read FILE: what Hdf5File reads in FILE, as JSON on the standard output; an object
// that is refused gives its message.
#include <fmt/format.h>

#include <cstdio>
#include <cstring>

#include "core/files.h"
#include "core/hash.h"
#include "musicrep/error.h"
#include "sample_results.h"
#include "store/artefacts.h"
#include "store/hdf5.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

void write(const std::filesystem::path& folder) {
  write_results(sample_results(), folder / "results.h5");
  nlohmann::json json = sample_results();
  json["content_digest"] = content_digest(sample_results());
  write_text_atomically(folder / "results.json", json.dump());
  Embeddings embeddings{
      .ids = {"a", "", "初音ミク"}, .values = Matrix(4, 300), .frames = {1, 2, 1}};
  for (std::size_t i = 0; i < 1200; ++i) embeddings.values.data()[i] = static_cast<double>(i) / 8;
  const std::string json_key = R"({"encoder":"mfcc"})";
  const ArtefactStore store(folder / "store");
  store.put_embeddings(sha256_hex(json_key), json_key, "mfcc", embeddings);
  embeddings.values.at(0, 0) = 0.1;
  store.put_embeddings(sha256_hex("1"), "1", "wide", embeddings);
}

template <typename Read>
nlohmann::json tried(Read&& read) {
  try {
    return read();
  } catch (const DataError& error) {
    return fmt::format("refused: {}", error.what());
  }
}

nlohmann::json read(const std::filesystem::path& path) {
  const Hdf5File file(path, Hdf5File::Mode::kRead);
  nlohmann::json out;
  for (const std::string& name : file.attribute_names("/")) {
    out["text @" + name] = tried([&] { return file.read_text_attribute("/", name); });
    out["number @" + name] = tried([&] { return file.read_number_attribute("/", name); });
    out["integer @" + name] = tried([&] { return file.read_integer_attribute("/", name); });
  }
  for (const std::string& name : file.members("/")) {
    const std::string data = "/" + name;
    out["texts " + name] = tried([&] { return file.read_texts(data); });
    out["numbers " + name] = tried([&] { return file.read_numbers(data); });
    out["integers " + name] = tried([&] { return file.read_integers(data); });
    out["shape " + name] = tried([&] { return file.shape(data); });
    out["matrix " + name] = tried([&] { return file.read_matrix(data).values(); });
  }
  return out;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    if (std::strcmp(argv[1], "write") == 0) {
      musicrep::write(argv[2]);
    } else if (std::strcmp(argv[1], "results") == 0) {
      const nlohmann::json message = musicrep::tried([&] {
        static_cast<void>(musicrep::read_results(argv[2]));
        return nlohmann::json("");
      });
      std::puts(message.get<std::string>().c_str());
    } else {
      std::puts(musicrep::read(argv[2]).dump().c_str());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

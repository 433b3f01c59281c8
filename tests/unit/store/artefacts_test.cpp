#include "store/artefacts.h"

#include <sys/wait.h>

#include "core/files.h"
#include "core/hash.h"
#include "store_testing.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

const std::string kKeyJson = R"({"encoder":"mfcc","seed":1})";
const std::string kKey = sha256_hex(kKeyJson);
const std::string kTextJson = R"({"encoder":"mfcc","task":"genre"})";
const std::string kTextKey = sha256_hex(kTextJson);
const std::string kText = "{\"score\":0.61,\"note\":\"ü\"}";

Embeddings sample() {
  Embeddings out;
  out.ids = {"a", "", "初音ミク"};
  out.values = Matrix(4, 2, {1, 2, 3, 4, 5, 6, 7, 0.1});
  out.frames = {1, 2, 1};
  return out;
}

void check_same(const std::optional<Embeddings>& found, const Embeddings& expected) {
  REQUIRE(found.has_value());
  CHECK(found->ids == expected.ids);
  CHECK(found->values == expected.values);
  CHECK(found->frames == expected.frames);
}

TEST_CASE("an artefact is stored under its key and comes back") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  CHECK_FALSE(store.has("embeddings", kKey));
  CHECK_FALSE(store.get_embeddings(kKey).has_value());
  CHECK_FALSE(store.get_text("evaluation", kTextKey).has_value());
  CHECK(store.list().empty());
  CHECK(store.verify().empty());
  CHECK(store.clean(false) == 0);

  store.put_embeddings(kKey, kKeyJson, "table1: mfcc on gtzan", sample());
  store.put_text("evaluation", kTextKey, kTextJson, "mfcc, genre", kText);
  CHECK(store.has("embeddings", kKey));
  CHECK(fs::exists(store.root() / "embeddings" / (kKey + ".h5")));
  check_same(store.get_embeddings(kKey), sample());
  CHECK(store.get_text("evaluation", kTextKey) == kText);
  CHECK(store.verify().empty());

  const Embeddings none{.ids = {}, .values = Matrix(0, 5), .frames = {}};
  store.put_embeddings(kKey, kKeyJson, "", none);
  check_same(store.get_embeddings(kKey), none);
  store.put_text("evaluation", kTextKey, kTextJson, "", "");
  CHECK(store.get_text("evaluation", kTextKey) == "");
}

TEST_CASE("the list tells of every artefact") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  store.put_text("evaluation", kTextKey, kTextJson, "mfcc, genre", kText);
  store.put_embeddings(kKey, kKeyJson, "table1: mfcc on gtzan", sample());
  const std::vector<ArtefactInfo> list = store.list();
  REQUIRE(list.size() == 2);
  CHECK(list[0].kind == "embeddings");
  CHECK(list[0].key == kKey);
  CHECK(list[0].description == "table1: mfcc on gtzan");
  CHECK(list[0].bytes == fs::file_size(list[0].path));
  CHECK(list[0].made_at.size() == std::string("2024-01-02T03:04:05Z").size());
  CHECK(list[1].kind == "evaluation");
  write_bytes(store.root() / "evaluation" / "bad.h5", "x");
  CHECK_THAT(store.list()[1].description + store.list()[2].description,
             Contains("cannot be read") && Contains("bad.h5"));
}

TEST_CASE("the digest of embeddings sees ids, frames, shape and every bit") {
  const std::string digest = sha256_of(sample());
  CHECK(digest == sha256_of(sample()));
  const auto differs = [&](auto&& change) {
    Embeddings other = sample();
    change(other);
    CHECK(sha256_of(other) != digest);
  };
  differs([](Embeddings& e) { e.ids = {"a", "b", "初音ミク"}; });
  differs([](Embeddings& e) { e.ids = {"", "a", "初音ミク"}; });
  differs([](Embeddings& e) { e.frames = {2, 1, 1}; });
  differs([](Embeddings& e) { e.values = Matrix(2, 4, e.values.values()); });
  differs([](Embeddings& e) { e.values.at(3, 1) = 0.1 + 1e-17 * 2; });
  differs([](Embeddings& e) { e.values.at(0, 0) = -1; });
}

TEST_CASE("a flipped byte anywhere is noticed, and the file set aside") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  store.put_embeddings(kKey, kKeyJson, "", sample());
  const fs::path path = store.root() / "embeddings" / (kKey + ".h5");
  const std::string bytes = read_file(path);
  std::size_t n = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 41, ++n) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x04);
    write_bytes(path, flipped);
    CAPTURE(at);
    CHECK_FALSE(store.get_embeddings(kKey).has_value());
    CHECK_FALSE(fs::exists(path));
    CHECK(read_file(path.string() + ".damaged") == flipped);
    CHECK_FALSE(store.has("embeddings", kKey));
  }
  CHECK(n > 100);
  store.put_embeddings(kKey, kKeyJson, "", sample());
  check_same(store.get_embeddings(kKey), sample());
}

TEST_CASE("a file cut short, under a wrong key or of another kind is set aside") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  store.put_embeddings(kKey, kKeyJson, "", sample());
  const fs::path path = store.root() / "embeddings" / (kKey + ".h5");
  const std::string bytes = read_file(path);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    write_bytes(path, bytes.substr(0, size));
    CHECK_FALSE(store.get_embeddings(kKey).has_value());
    CHECK(fs::exists(path.string() + ".damaged"));
  }
  const std::string other = sha256_hex("other");
  write_bytes(store.root() / "embeddings" / (other + ".h5"), bytes);
  CHECK_FALSE(store.get_embeddings(other).has_value());
  fs::create_directories(store.root() / "evaluation");
  write_bytes(store.root() / "evaluation" / (kKey + ".h5"), bytes);
  CHECK_FALSE(store.get_text("evaluation", kKey).has_value());
}

TEST_CASE("verify names what is damaged and sets it aside") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  store.put_embeddings(kKey, kKeyJson, "", sample());
  store.put_text("evaluation", kTextKey, kTextJson, "", kText);
  const fs::path path = store.root() / "evaluation" / (kTextKey + ".h5");
  std::string bytes = read_file(path);
  bytes[bytes.find("0.61")] = '9';
  write_bytes(path, bytes);
  const std::string other = sha256_hex("other");
  fs::copy_file(store.root() / "embeddings" / (kKey + ".h5"),
                store.root() / "embeddings" / (other + ".h5"));
  const std::vector<std::string> found = store.verify();
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0] + found[1], Contains(other + ".h5") && Contains("its key is '" + kKey) &&
                                      Contains("expected '" + other));
  CHECK_THAT(found[0] + found[1],
             Contains(kTextKey + ".h5") && Contains("its bytes have changed since it was written"));
  CHECK(store.verify().empty());
  CHECK(store.list().size() == 1);
  check_same(store.get_embeddings(kKey), sample());
}

TEST_CASE("clean removes stale files of crashed processes, or everything that is the store's") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  store.put_embeddings(kKey, kKeyJson, "", sample());
  const fs::path kind = store.root() / "embeddings";
  // What a process that lives, here, calls its temporary file.
  std::string of_this;
  write_atomically(kind / (kKey + ".h5"), [&](const fs::path& temporary) {
    of_this = temporary.filename();
    fs::copy_file(kind / (kKey + ".h5"), temporary);
  });
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);  // now surely no process
  const auto named_of = [&](pid_t process) {
    std::string name = of_this;
    const std::string mine = "." + std::to_string(::getpid()) + "-";
    return name.replace(name.find(mine), mine.size(), "." + std::to_string(process) + "-");
  };
  const std::string of_dead = named_of(child);
  // The same process number on another machine.
  const std::string elsewhere = "." + kKey + ".h5." + std::to_string(child) + "-00ff00ffx1-1-3.tmp";
  for (const std::string& name :
       {std::string("old.h5.damaged"), of_dead, of_this, elsewhere, std::string("notes.txt"),
        std::string(".x.tmp"), std::string(".x.12y.tmp")}) {
    write_bytes(kind / name, "x");
  }
  CHECK(store.clean(true) == 2);
  CHECK_FALSE(fs::exists(kind / "old.h5.damaged"));
  CHECK_FALSE(fs::exists(kind / of_dead));
  CHECK(fs::exists(kind / of_this));
  CHECK(fs::exists(kind / elsewhere));
  check_same(store.get_embeddings(kKey), sample());
  CHECK(store.clean(false) == 1);
  CHECK_FALSE(store.has("embeddings", kKey));
  CHECK(fs::exists(kind / "notes.txt"));
}

TEST_CASE("what write_atomically leaves when its process dies is found by clean") {
  const TemporaryFolder folder;
  const ArtefactStore store(folder / "store");
  const pid_t child = ::fork();
  if (child == 0) {
    write_atomically(store.root() / "embeddings" / "x.h5", [](const fs::path& temporary) {
      write_bytes(temporary, "half");
      ::_exit(0);
    });
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(std::distance(fs::directory_iterator(store.root() / "embeddings"), {}) == 1);
  CHECK(store.clean(true) == 1);
  CHECK(fs::is_empty(store.root() / "embeddings"));
}

TEST_CASE("a store that cannot be written says so, by path") {
  const TemporaryFolder folder;
  write_bytes(folder / "store", "a file where the folder should be");
  const ArtefactStore store(folder / "store");
  CHECK_THAT(data_error_of([&] { store.put_embeddings(kKey, kKeyJson, "", sample()); }),
             Contains("store"));
  CHECK_FALSE(store.get_embeddings(kKey).has_value());
}

}  // namespace
}  // namespace musicrep

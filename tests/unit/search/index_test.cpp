#include "search/index.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using namespace musicrep;  // NOLINT: a test of one header
using Texts = std::vector<std::string>;

namespace {

SearchIndex some_index() {
  SearchIndex index;
  index.encoder = "cca";
  index.version = "1";
  index.label = "mine";
  index.dataset = "songs";
  index.space_sha256 = "abcdef0123456789";
  index.frame_space = "frames";
  index.seed = 7;
  index.options = {{"layer", std::int64_t{-1}},
                   {"scale", 1.0},
                   {"flag", true},
                   {"names", Texts{"a", "b"}},
                   {"text", std::string("x")}};
  index.ids = {"one", "two", "three", "four"};
  index.texts = {"a slow piano", "", "loud <guitars>", "piano & voice"};
  index.links = {"/music/one.wav", "", "https://example.org/three", ""};
  index.dim = 2;
  index.vectors = unit_rows(Matrix(4, 2, {3, 4, 0, 2, -1, 0, 6, 8}), index.ids);
  return index;
}

}  // namespace

TEST_CASE("index: what is written is read again") {
  const TempFolder folder;
  SearchIndex index = some_index();
  index.weights = folder.write("w.h5", "weights");
  const auto path = folder.path() / "index";
  write_index(path, index);
  const SearchIndex again = read_index(path);
  CHECK(again.encoder == "cca");
  CHECK(again.options == index.options);
  CHECK(again.seed == 7);
  CHECK(again.ids == index.ids);
  CHECK(again.texts == index.texts);
  CHECK(again.links == index.links);
  CHECK(again.vectors == index.vectors);
  CHECK(again.weights == path / "weights.h5");
  write_index(path, index);  // over an older one
  CHECK(read_index(path).ids.size() == 4);
}

TEST_CASE("index: the nearest come first, of equal ones the first in the index") {
  const SearchIndex index = some_index();
  const std::vector<double> query = {0.6, 0.8};
  const std::vector<Hit> hits = nearest(index, query, 3);
  REQUIRE(hits.size() == 3);
  CHECK(hits[0].item == 0);
  CHECK(hits[1].item == 3);
  CHECK(hits[2].item == 1);
  CHECK(hits[0].cosine == Approx(1));
  CHECK(hits[2].cosine == Approx(0.8));
  CHECK(nearest(index, query, 100).size() == 4);
  CHECK_THAT(message_of<DataError>([&] {
               nearest(index, std::vector<double>{1, 2, 3}, 1);
             }),
             Contains("3 numbers, the index's vectors have 2"));
  CHECK_THAT(message_of<DataError>([&] {
               nearest(index, std::vector<double>{0, 0}, 1);
             }),
             Contains("zero"));
}

TEST_CASE("index: unknown words come with the nearest known ones") {
  const SearchIndex index = some_index();
  CHECK(unknown_words(index, "slow pianno") == Texts{"pianno (did you mean piano?)"});
  CHECK(unknown_words(index, "loud guitars").empty());
}

TEST_CASE("index: what is no index, or damaged, or of another space is refused") {
  const TempFolder folder;
  CHECK_THAT(message_of<DataError>([&] { read_index(folder.path()); }),
             Contains("is not an index"));
  folder.write("other/file.txt", "x");
  CHECK_THAT(message_of<DataError>([&] { write_index(folder.path() / "other", some_index()); }),
             Contains("exists and is not an index"));
  const auto path = folder.path() / "index";
  write_index(path, some_index());
  folder.write("index/vectors.npy", "damaged");
  CHECK_THAT(message_of<DataError>([&] { read_index(path); }),
             Contains("vectors.npy': its SHA-256 is"));
  folder.write("index/index.json", "{");
  CHECK_THAT(message_of<DataError>([&] { read_index(path); }), Contains("is damaged"));
  CHECK_THAT(message_of<DataError>([&] { require_space(some_index(), "0123456789abcdef", path); }),
             Contains("abcdef012345") && Contains("0123456789ab"));
  CHECK_THAT(message_of<DataError>([&] {
               unit_rows(Matrix(2, 2, {1, 0, 0, 0}), Texts{"a", "b"});
             }),
             Contains("'b' is zero"));
}

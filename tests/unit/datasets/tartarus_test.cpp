#include <algorithm>
#include <catch2/catch.hpp>

#include "data_dir.h"
#include "datasets/dataset.h"
#include "formats/npy.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

void write_set(const TempFolder& folder, const std::string& last_label = "[1,0]") {
  folder.write("index/y_X.tsv", "S1\t[0,1]\nS2\t[1,0]\nS3\t" + last_label);
  folder.write("index/index_audio_X.tsv", "S1\ta.mp3\nS2\tb.mp3\nS3\tc.mp3");
  folder.write("index/index_text_X.tsv", "S3\tc.txt\nS2\tb.txt\nS1\ta.txt");
  folder.write("splits/genre_labels_X.tsv", "Merengue\nCumbia\n");
  folder.write("splits/items_index_train_X.tsv", "S1");
  folder.write("splits/items_index_val_X.tsv", "S3\n");
  folder.write("splits/items_index_test_X.tsv", "S2\r\n");
  for (const char* stem : {"a", "b", "c"}) folder.write(std::string("audio/") + stem + ".mp3", "x");
  folder.write("text/a.txt", "\xEF\xBB\xBFuno\rdos\r\rtres\r");
  folder.write("text/b.txt", "uno\r\ndos\r\n");
  folder.write("text/c.txt", "ni\xC3\xB1o\n");
}

Dataset load(const std::filesystem::path& path, const std::string& name = "X") {
  return load_dataset("t", "tartarus", {{"path", path.string()}, {"name", name}});
}

}  // namespace

TEST_CASE("tartarus: songs with texts, splits and one label each") {
  const TempFolder folder;
  write_set(folder);
  Matrix y(1, 2);
  y.at(0, 1) = 1;
  musicrep::write_npy(folder.path() / "splits/y_train_class_2_X.npy", y, false);
  const Dataset dataset = load(folder.path());
  CHECK(dataset.ids == Texts{"S1", "S2", "S3"});
  CHECK(dataset.splits == Texts{"train", "test", "valid"});
  CHECK(dataset.texts == Texts{"uno\ndos\n\ntres", "uno\ndos", "ni\xC3\xB1o"});
  CHECK(dataset.audio[1].filename() == "b.mp3");
  REQUIRE(dataset.targets.size() == 1);
  CHECK(dataset.target("genre").classes == Texts{"Cumbia", "Merengue"});
  CHECK(dataset.target("genre").values == std::vector<double>{0, 1, 1});
}

TEST_CASE("tartarus: several labels an item become targets of their own") {
  const TempFolder folder;
  write_set(folder, "[1,1]");
  const Dataset dataset = load(folder.path());
  REQUIRE(dataset.targets.size() == 2);
  CHECK(dataset.target("Merengue").values == std::vector<double>{0, 1, 1});
  CHECK(dataset.target("Cumbia").values == std::vector<double>{1, 0, 1});
}

TEST_CASE("tartarus: what is wrong is reported at once") {
  const TempFolder folder;
  write_set(folder, "[1,2]");
  folder.write("index/index_audio_X.tsv", "S1\tnone.mp3\nS2 b.mp3\nS9\tc.mp3");
  folder.write("splits/items_index_val_X.tsv", "S1\nS8\n");
  musicrep::write_npy(folder.path() / "splits/y_test_class_2_X.npy", Matrix(1, 2), false);
  std::filesystem::remove(folder.path() / "text/b.txt");
  const std::string message = message_of<DataError>([&] { load(folder.path()); });
  CHECK_THAT(message, Contains("y_X.tsv', line 3: found '[1,2]', expected 2 flags like [0,1,0]"));
  CHECK_THAT(message, Contains("none.mp3") && Contains("b.txt"));
  CHECK_THAT(message, Contains("line 2: found 'S2 b.mp3', expected an id, a tab and a value"));
  CHECK_THAT(message, Contains("the item 'S9' is not in the index of labels"));
  CHECK_THAT(message, Contains("index_audio_X.tsv': found no line of the item 'S3'"));
  CHECK_THAT(message, Contains("the item 'S1' is in the split train already"));
  CHECK_THAT(message, Contains("the item 'S8' is not in the index"));
  CHECK_THAT(message, Contains("y_test_class_2_X.npy': its labels are not those of the index"));
  CHECK_THAT(message_of<DataError>([&] { load(folder.path(), "Y"); }), Contains("y_Y.tsv"));
}

TEST_CASE("tartarus: the real nine songs") {
  const auto path = musicrep::data_path("tartarus");
  if (!path) return;
  const Dataset dataset = load(*path, "SUPER");
  CHECK(dataset.ids.size() == 9);
  CHECK(dataset.target("genre").classes == Texts{"Cumbia", "Merengue", "Reggaeton"});
  for (const char* split : {"train", "valid", "test"}) {
    CHECK(std::count(dataset.splits.begin(), dataset.splits.end(), split) == 3);
  }
  CHECK(dataset.audio[0].filename() == "a_vacilar.mp3");
  CHECK_THAT(dataset.texts[1], Catch::StartsWith("Voy regando los gaznates"));
  // Its file has a byte order mark and carriage returns alone.
  CHECK(std::count(dataset.texts[6].begin(), dataset.texts[6].end(), '\r') == 0);
  CHECK(std::count(dataset.texts[6].begin(), dataset.texts[6].end(), '\n') > 10);
}

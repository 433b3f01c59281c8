#include <algorithm>
#include <catch2/catch.hpp>

#include "audioset_testing.h"
#include "data_dir.h"
#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::clip;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::frame;
using musicrep::framed;
using musicrep::kAudioSetNames;
using musicrep::load_dataset;
using musicrep::label_list;
using musicrep::message_of;
using musicrep::ontology;
using musicrep::TempFolder;
using musicrep::write_lists;
using musicrep::write_records;
using Texts = std::vector<std::string>;

namespace {

Dataset load(const TempFolder& folder, const std::string& labels) {
  return load_dataset("a", "audioset", {{"path", folder.path().string()}, {"labels", labels}});
}

template <typename E>
std::string load_message(const TempFolder& folder, const std::string& labels = "genre10") {
  return message_of<E>([&] { load(folder, labels); });
}

std::string class_of(const Dataset& dataset, const std::string& id) {
  const auto at = std::find(dataset.ids.begin(), dataset.ids.end(), id) - dataset.ids.begin();
  const musicrep::Target& target = dataset.targets.at(0);
  return target.classes.at(
      static_cast<std::size_t>(target.values.at(static_cast<std::size_t>(at))));
}

constexpr const char* kUnknownArtists =
    "artists unknown: clips of one artist may be on both sides of a fold";

}  // namespace

TEST_CASE("audioset: clips of exactly one genre with what stands below it") {
  const TempFolder folder;
  write_lists(folder);
  write_records(folder, "bal_train", "a.tfrecord",
                {clip("blues", {0, 14}, {frame(1)}), clip("two", {0, 1}, {frame(1)}),
                 clip("none", {14, 12}, {frame(1)}), clip("punk", {10, 9}, {frame(2), frame(3)}),
                 clip("dub", {11}, {frame(1)})});
  write_records(folder, "eval", "a.tfrecord",
                {clip("metal", {6}, {frame(9)}), clip("metal+rock", {6, 9, 10}, {frame(1)}),
                 clip("metal+pop", {6, 7}, {frame(1)})});
  const Dataset dataset = load(folder, "genre10");
  CHECK(dataset.ids == Texts{"blues", "punk", "dub", "metal", "metal+rock"});
  CHECK(dataset.splits == Texts{"train", "train", "train", "test", "test"});
  CHECK(dataset.targets[0].name == "genre10");
  CHECK(class_of(dataset, "blues") == "blues");
  CHECK(class_of(dataset, "punk") == "rock");
  CHECK(class_of(dataset, "dub") == "reggae");
  CHECK(class_of(dataset, "metal") == "metal");
  CHECK(class_of(dataset, "metal+rock") == "metal");
  REQUIRE(dataset.frames);
  CHECK(dataset.frames->size() == 5);
  CHECK(dataset.frames->rows(1) == 2);
  CHECK(dataset.frames->bytes(3)[0] == 9);
  CHECK(dataset.audio.empty());
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(),
                   "bal_train: 5 of 22160 clips read") == 1);
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(), "5 of 1797 items") == 1);
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(), kUnknownArtists) == 1);

  const Dataset moods = load(folder, "mood7");
  CHECK(moods.ids == Texts{"none"});
  CHECK(class_of(moods, "none") == "Sad music");
}

TEST_CASE("audioset: all labels are tags of the clips of one set") {
  const TempFolder folder;
  write_lists(folder);
  write_records(folder, "bal_train", "a.tfrecord",
                {clip("punk", {10, 14}, {frame(1)}), clip("speech", {14}, {frame(2)}),
                 clip("tested", {0}, {frame(3)}), clip("sad", {12}, {frame(4)})});
  write_records(folder, "eval", "a.tfrecord", {clip("tested", {0}, {frame(3)})});
  const auto loaded = [&](const std::string& under) {
    return load_dataset("a", "audioset",
                        {{"path", folder.path().string()},
                         {"labels", std::string("all")},
                         {"sets", Texts{"bal_train"}},
                         {"under", under}});
  };
  const Dataset all = loaded("");
  // What is tested is not learned from, though only one set is asked for.
  CHECK(all.ids == Texts{"punk", "speech", "sad"});
  CHECK(all.splits == Texts{"train", "train", "train"});
  REQUIRE(all.targets.size() == kAudioSetNames.size());
  CHECK(all.targets[10].name == "/m/10");
  CHECK(all.targets[10].title == "Punk");
  CHECK(all.targets[10].facet == "genre");
  CHECK(all.targets[12].facet == "mood");
  CHECK(all.targets[14].facet == "other");
  CHECK(all.targets[10].values == std::vector<double>{1, 0, 0});
  CHECK(all.targets[14].values == std::vector<double>{1, 1, 0});
  CHECK(all.frames->size() == 3);
  CHECK(all.frames->bytes(2)[0] == 4);
  CHECK(loaded("Music mood").ids == Texts{"sad"});
  CHECK(loaded("Rock music").ids == Texts{"punk"});

  CHECK_THAT(message_of<DataError>([&] { loaded("Skiffle"); }), Contains("named 'Skiffle'"));
  const auto with = [&](const std::string& key, const musicrep::OptionValue& value) {
    return message_of<ConfigError>([&] {
      load_dataset("a", "audioset", {{"path", folder.path().string()}, {key, value}});
    });
  };
  CHECK_THAT(with("sets", Texts{"eva"}), Contains("eval"));
  CHECK_THAT(with("sets", Texts{}), Contains("'sets' is empty"));
  CHECK_THAT(with("under", std::string("Blues")), Contains("labels = \"all\""));
}

TEST_CASE("audioset: a duplicate clip") {
  const TempFolder folder;
  write_lists(folder);
  write_records(folder, "bal_train", "a.tfrecord",
                {clip("x", {0}, {frame(1)}), clip("y", {1}, {frame(1)})});
  write_records(folder, "bal_train", "b.tfrecord",
                {clip("x", {2}, {frame(2)}), clip("z", {3}, {frame(1)})});
  write_records(folder, "eval", "a.tfrecord", {clip("y", {1}, {frame(5)})});
  const Dataset dataset = load(folder, "genre10");
  CHECK(dataset.ids == Texts{"x", "z", "y"});
  CHECK(dataset.splits == Texts{"train", "train", "test"});
  CHECK(class_of(dataset, "x") == "blues");
  const auto noted = [&](const std::string& note) {
    return std::count(dataset.notes.begin(), dataset.notes.end(), note) == 1;
  };
  CHECK(noted("bal_train: 1 clips stand there more than once; the first is used"));
  CHECK(noted("bal_train: 1 clips stand in eval also; they are left out of bal_train"));
}

TEST_CASE("audioset: options and folders that are wrong") {
  const TempFolder folder;
  CHECK_THAT(load_message<ConfigError>(folder, "genre7"),
             Contains("unknown value of labels 'genre7'. Did you mean 'genre10'?"));
  CHECK_THAT(load_message<DataError>(folder), Contains("class_labels_indices.csv'"));
  folder.write("class_labels_indices.csv", label_list());
  CHECK_THAT(load_message<DataError>(folder), Contains("ontology.json'"));
  folder.write("ontology.json", ontology());
  CHECK_THAT(load_message<DataError>(folder),
             Contains("audioset_v1_embeddings', expected it to hold bal_train/ and eval/"));
  write_records(folder, "eval", "a.tfrecord", {clip("x", {99}, {frame(1)})});
  const std::string message = load_message<DataError>(folder);
  CHECK_THAT(message, Contains("a.tfrecord', record 1 at byte 0, clip 'x': context feature "
                               "'labels': found 99, expected 0 to 14"));
  CHECK_THAT(message, Contains("bal_train': No such file or directory"));
}

TEST_CASE("audioset: lists of labels that are damaged") {
  const TempFolder folder;
  write_lists(folder);
  folder.write("class_labels_indices.csv", "index,mid,display_name\n0,/m/0,Blues\n2,/m/1,Jazz\n");
  CHECK_THAT(load_message<DataError>(folder),
             Contains("class_labels_indices.csv', line 3, column 'index': found '2', expected 1"));
  folder.write("class_labels_indices.csv", "index,mid,display_name\n0,/m/0,Blues\n1,/m/1,Jazz\n");
  CHECK_THAT(load_message<DataError>(folder),
             Contains("class_labels_indices.csv': found no label of 'Country'"));
  folder.write("class_labels_indices.csv", "index,mids\n0,/m/0\n");
  CHECK_THAT(load_message<DataError>(folder), Contains("unknown column 'mid'"));
  write_lists(folder);
  folder.write("ontology.json", "{\"id\": ");
  CHECK_THAT(load_message<DataError>(folder), Contains("ontology.json': found no JSON list"));
  folder.write("ontology.json", R"([{"id": "/m/0", "name": "Blues"}, {"id": 3}])");
  CHECK_THAT(load_message<DataError>(folder),
             Contains("ontology.json'") &&
                 Contains("entry 1: expected the texts 'id' and 'name'") && Contains("entry 2"));
  folder.write("ontology.json", R"([{"id": "/m/0", "name": "Blues", "child_ids": ["/m/no"]}])");
  CHECK_THAT(load_message<DataError>(folder), Contains("found no class with the id '/m/no'"));
  folder.write("ontology.json", "[]");
  CHECK_THAT(load_message<DataError>(folder, "mood7"),
             Contains("found no class named 'Music mood'"));
}

TEST_CASE("audioset: the real tasks have their published sizes") {
  const auto path = musicrep::data_path("audioset");
  if (!path) return;
  for (const auto& [labels, n_train, n_test, n_classes] :
       {std::tuple("genre10", 952, 845, 10U), std::tuple("mood7", 401, 403, 7U)}) {
    const Dataset dataset =
        load_dataset("a", "audioset", {{"path", path->string()}, {"labels", std::string(labels)}});
    CAPTURE(labels, dataset.notes);
    CHECK(std::count(dataset.splits.begin(), dataset.splits.end(), "train") == n_train);
    CHECK(std::count(dataset.splits.begin(), dataset.splits.end(), "test") == n_test);
    CHECK(dataset.targets[0].classes.size() == n_classes);
    CHECK(dataset.notes == Texts{"eval: 20371 of 20371 clips read",
                                 "bal_train: 22160 of 22160 clips read", kUnknownArtists});
  }
}

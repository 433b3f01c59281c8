#include <algorithm>
#include <catch2/catch.hpp>

#include "data_dir.h"
#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::message_of;
using musicrep::Options;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

const std::string kHeader =
    "dzr_sng_id,MSD_sng_id,MSD_track_id,valence,arousal,artist_name,track_name\n";

void write_tables(const TempFolder& folder) {
  folder.write("train.csv", kHeader +
                                "11,SO1,TR1,-0.5,1.25,Sigur R\xC3\xB3s,\"A, B\"\n"
                                "12,SO2,TR2,0.5,-1,Calla,C\n");
  folder.write("validation.csv", kHeader + "21,SO3,TR3,1e-3,0,,D\n");
  folder.write("test.csv", kHeader + "31,SO4,TR4,2,-2,Calla,E\n");
}

Dataset load(const TempFolder& folder, bool with_audio = false) {
  Options options = {{"path", folder.path().string()}};
  if (with_audio) options["audio"] = (folder.path() / "audio").string();
  return load_dataset("d", "deezer", options);
}

bool noted(const Dataset& dataset, const std::string& note) {
  return std::count(dataset.notes.begin(), dataset.notes.end(), note) == 1;
}

}  // namespace

TEST_CASE("deezer: songs of the three tables") {
  const TempFolder folder;
  write_tables(folder);
  const Dataset dataset = load(folder);
  CHECK(dataset.ids == Texts{"11", "12", "21", "31"});
  CHECK(dataset.splits == Texts{"train", "train", "valid", "test"});
  CHECK(dataset.groups == Texts{"Sigur R\xC3\xB3s", "Calla", "", "Calla"});
  CHECK(dataset.target("valence").values == std::vector<double>{-0.5, 0.5, 1e-3, 2});
  CHECK(dataset.target("arousal").values == std::vector<double>{1.25, -1, 0, -2});
  CHECK(dataset.audio.empty());
  CHECK(noted(dataset, "train.csv: 2 songs, 11267 in the published table"));
  CHECK(noted(dataset, "1 artist names stand in test and in train or valid"));
  CHECK(noted(dataset, "4 of 18644 items"));
}

TEST_CASE("deezer: only the songs whose audio is there") {
  const TempFolder folder;
  write_tables(folder);
  folder.write("audio/12.mp3", "x");
  folder.write("audio/12.wav", "x");
  folder.write("audio/31.flac", "x");
  folder.write("audio/21.txt", "x");
  folder.write("audio/99.mp3", "x");
  const Dataset dataset = load(folder, true);
  CHECK(dataset.ids == Texts{"12", "31"});
  CHECK(dataset.splits == Texts{"train", "test"});
  CHECK(dataset.target("valence").values == std::vector<double>{0.5, 2});
  REQUIRE(dataset.audio.size() == 2);
  CHECK(dataset.audio[0].filename() == "12.wav");
  CHECK(dataset.audio[1].filename() == "31.flac");
  CHECK(noted(dataset, "train: audio of 1 of 2 items"));
  CHECK(noted(dataset, "valid: audio of 0 of 1 items"));
  CHECK(noted(dataset, "partial: its scores are not comparable with those of the whole set"));
}

TEST_CASE("deezer: no audio at all") {
  const TempFolder folder;
  write_tables(folder);
  CHECK_THAT(message_of<DataError>([&] { load(folder, true); }),
             Contains("cannot read the folder of audio") && Contains("audio'"));
  folder.write("audio/99.mp3", "x");
  CHECK_THAT(message_of<DataError>([&] { load(folder, true); }),
             Contains("found the audio of none of the 4 items, expected files like '11.mp3'"));
}

TEST_CASE("deezer: what is wrong with the tables is reported at once") {
  const TempFolder folder;
  write_tables(folder);
  folder.write("train.csv", kHeader + "11,S,T,x,1,A,B\n,S,T,1,1,A,B\n");
  folder.write("validation.csv", "dzr_sng_id,valance,arousal,artist\n1,2,3,4\n");
  folder.write("test.csv", kHeader + "11,S,T,1,inf,A,B\n13,S,T,1,inf,A,B\n");
  const std::string message = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(message, Contains("train.csv', line 2, column 'valence': found 'x'"));
  CHECK_THAT(message, Contains("train.csv', line 3, column 'dzr_sng_id': found no id"));
  CHECK_THAT(message, Contains("validation.csv'") && Contains("unknown column 'valence'. Did you "
                                                              "mean 'valance'?"));
  CHECK_THAT(message, Contains("unknown column 'artist_name'"));
  CHECK_THAT(message, Contains("test.csv', line 2: the song '11' is in") &&
                          Contains("train.csv', line 2 already"));
  CHECK_THAT(message, Contains("test.csv', line 3, column 'arousal': found 'inf'"));
}

TEST_CASE("deezer: tables that are not there") {
  const TempFolder folder;
  folder.write("train.csv", kHeader + "11,S,T,0,1,A,B\n");
  const std::string message = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(message, Contains("validation.csv'") && Contains("test.csv'"));
  CHECK_THAT(message, !Contains("train.csv'"));
}

TEST_CASE("deezer: the real tables") {
  const auto path = musicrep::data_path("deezer_mood_detection_dataset");
  if (!path) return;
  const Dataset dataset = load_dataset("d", "deezer", {{"path", path->string()}});
  CHECK(dataset.ids.size() == 18644);
  CHECK(std::count(dataset.splits.begin(), dataset.splits.end(), "valid") == 3863);
  CHECK(dataset.ids[0] == "213754");
  CHECK(dataset.groups[0] == "Dark Tranquillity");
  CHECK(dataset.target("arousal").values[0] == 0.316757791845);
  REQUIRE(dataset.notes.size() == 2);
  CHECK_THAT(dataset.notes[0], Contains("artists merged: 'Duke Ellington' = "));
  CHECK_THAT(dataset.notes[1], Contains("artist names stand in test"));
}

#include <algorithm>
#include <catch2/catch.hpp>

#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::message_of;
using musicrep::Options;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

// The columns of the published tables.
const std::string kHeader = "amazon_id,album_mbid,MSD_track_id,recording_mbid,artist_mbid,genres\n";

void write_tables(const TempFolder& folder) {
  folder.write("MuMu_dataset_single-label.csv", kHeader +
                                                    "B1,m1,TRA,r1,artist1,Dance & Electronic\n"
                                                    "B1,m1,TRB,r2,artist1,Dance & Electronic\n"
                                                    "B2,m2,TRC,r3,,R&B\n");
  folder.write("MuMu_dataset_multi-label.csv", kHeader +
                                                   "B1,m1,TRA,r1,artist1,\"Pop,Rock\"\n"
                                                   "B2,m2,TRC,r3,,\"Jazz, Rock\"\n"
                                                   "B3,m3,TRA,r1,artist1,Blues\n"
                                                   "B2,m2,TRD,r4,,Pop\n");
  folder.write("amazon_reviews_MuMu.json",
               R"([{"amazon_id": "B1", "summary": "Fine", "reviewText": "One."},
                   {"amazon_id": "B9", "reviewText": "Of no song here."},
                   {"amazon_id": "B1", "summary": "Finer", "reviewText": "Two."}])");
  folder.write("amazon_metadata_MuMu.json", R"([{"amazon_id": "B1", "imUrl": "http://x"}])");
}

Dataset load(const TempFolder& folder, Options options = {}) {
  options["path"] = folder.path().string();
  return load_dataset("m", "mumu", options);
}

bool noted(const Dataset& dataset, const std::string& note) {
  return std::count(dataset.notes.begin(), dataset.notes.end(), note) == 1;
}

}  // namespace

TEST_CASE("mumu: several genres a song, artists or else albums as groups, reviews as texts") {
  const TempFolder folder;
  write_tables(folder);
  const Dataset dataset = load(folder);
  CHECK(dataset.ids == Texts{"TRA", "TRC", "TRD"});
  CHECK(dataset.groups == Texts{"artist1", "album B2", "album B2"});
  Texts names;
  for (const musicrep::Target& target : dataset.targets) {
    names.push_back(target.name);
    CHECK(target.classes == Texts{"absent", "present"});
    CHECK(target.facet == "genre");
    CHECK(target.title == target.name);
  }
  CHECK(names == Texts{"Jazz", "Pop", "Rock"});
  CHECK(dataset.target("Rock").values == std::vector<double>{1, 1, 0});
  CHECK(dataset.target("Pop").values == std::vector<double>{1, 0, 1});
  CHECK(dataset.texts == Texts{"Fine\nOne.\nFiner\nTwo.", "", ""});
  CHECK(noted(dataset, "1 rows are of songs that stand in the table already; the first is used"));
  CHECK(noted(dataset, "2 reviews of 1 of 2 albums"));
  CHECK(noted(dataset, "metadata of 1 of 2 albums"));
  CHECK(noted(dataset, "3 of 147295 items"));
}

TEST_CASE("mumu: one genre a song") {
  const TempFolder folder;
  write_tables(folder);
  const Dataset dataset = load(folder, {{"labels", std::string("single")}});
  REQUIRE(dataset.targets.size() == 1);
  CHECK(dataset.target("genre").classes == Texts{"Dance & Electronic", "R&B"});
  CHECK(dataset.target("genre").values == std::vector<double>{0, 0, 1});
  CHECK(dataset.n_expected == 0);
}

TEST_CASE("mumu: only the songs whose audio is there, in folders of any depth") {
  const TempFolder folder;
  write_tables(folder);
  folder.write("audio/C/D/TRD.mp3", "x");
  folder.write("audio/TRC.wav", "x");
  folder.write("audio/TRX.wav", "x");
  const Dataset dataset = load(folder, {{"audio", (folder.path() / "audio").string()}});
  CHECK(dataset.ids == Texts{"TRC", "TRD"});
  CHECK(dataset.audio[0].filename() == "TRC.wav");
  CHECK(dataset.audio[1].filename() == "TRD.mp3");
  CHECK(dataset.target("Jazz").values == std::vector<double>{1, 0});
  CHECK(dataset.target("Pop").values == std::vector<double>{0, 1});
  CHECK(dataset.texts.size() == 2);
  CHECK(noted(dataset, "audio of 2 of 3 items"));
  CHECK(noted(dataset, "2 of 147295 items"));
  folder.write("file", "x");
  CHECK_THAT(message_of<DataError>([&] {
               load(folder, {{"audio", (folder.path() / "file").string()}});
             }),
             Contains("cannot read the folder of audio"));
}

TEST_CASE("mumu: what is wrong is reported at once") {
  const TempFolder folder;
  folder.write(
      "MuMu_dataset_multi-label.csv",
      kHeader + ",m1,TRA,r1,artist1,\"Pop,Rock\"\nB2,m2,,r3,,Jazz\nB3,m3,TRC,r,a,\", \"\n");
  folder.write("amazon_reviews_MuMu.json", R"([{"amazon_id": "B1"}, {"reviewText": "x"}, {"ama)");
  const std::string message = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(message, Contains("multi-label.csv', line 2, column 'amazon_id': found no id"));
  CHECK_THAT(message, Contains("line 3, column 'MSD_track_id': found no id"));
  CHECK_THAT(message, Contains("line 4, column 'genres': found no genre"));
  CHECK_THAT(message,
             Contains("amazon_reviews_MuMu.json', record 1: expected the text 'reviewText'"));
  CHECK_THAT(message, Contains("record 2: expected the text 'amazon_id'"));
  CHECK_THAT(message, Contains("amazon_reviews_MuMu.json': damaged or cut off after record 2"));
  CHECK_THAT(message_of<DataError>([&] {
               load(folder, {{"labels", std::string("single")}});
             }),
             Contains("MuMu_dataset_single-label.csv"));
  CHECK_THAT(message_of<ConfigError>([&] {
               load(folder, {{"labels", std::string("singel")}});
             }),
             Contains("Did you mean 'single'?"));
  folder.write("MuMu_dataset_multi-label.csv", "amazon_id,MSD_track,genre\n1,2,3\n");
  const std::string columns = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(columns, Contains("unknown column 'MSD_track_id'. Did you mean 'MSD_track'?"));
  CHECK_THAT(columns,
             Contains("unknown column 'artist_mbid'") && Contains("Did you mean 'genre'?"));
}

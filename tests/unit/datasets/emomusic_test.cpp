#include <algorithm>
#include <catch2/catch.hpp>

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

const std::string kSongs =
    "song_id,file_name,Artist,Song title,Genre,Mediaeval 2013 set\n"
    "2,2.mp3,\"\tThe New Mystikal Troubadours\t\",\"\tThis Evening\t\",\"\tBlues\t\",development\n"
    "3,3.mp3,\"\tNobody's Bizness\t\",\"\tRagged and Dirty\t\",\"\tBlues\t\",evaluation\n"
    "4,4.mp3,\"\tNobody's Bizness\t\",\"\tUnrated\t\",\"\tBlues\t\",development\n";
const std::string kRatings =
    "song_id,mean_arousal,std_arousal,mean_valence,std_valence\n"
    "2,3.1,0.99,3,0.94\n"
    "3,3.5,1.84,3.3,1.70\n";

void write_tables(const TempFolder& folder, const std::string& songs, const std::string& ratings) {
  folder.write("annotations/songs_info.csv", songs);
  folder.write("annotations/static_annotations.csv", ratings);
}

Dataset load(const TempFolder& folder, const Options& more = {}) {
  Options options = more;
  options["path"] = folder.path().string();
  return load_dataset("e", "emomusic", options);
}

}  // namespace

TEST_CASE("emomusic: rated songs with artist and set") {
  const TempFolder folder;
  write_tables(folder, kSongs, kRatings);
  const Dataset dataset = load(folder);
  CHECK(dataset.ids == Texts{"2", "3"});
  CHECK(dataset.groups == Texts{"The New Mystikal Troubadours", "Nobody's Bizness"});
  CHECK(dataset.splits == Texts{"train", "test"});
  CHECK(dataset.target("arousal").values[0] == Approx(0.344444444444));
  CHECK(dataset.target("valence").values[0] == Approx(0.333333333333));
  CHECK(dataset.target("valence").values[1] == Approx(3.3 / 9));
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(), "2 of 744 items") == 1);
}

TEST_CASE("emomusic: only the clips that are there") {
  const TempFolder folder;
  write_tables(folder, kSongs, kRatings);
  folder.write("clips_45seconds/3.mp3", "x");
  const std::string clips = (folder.path() / "clips_45seconds").string();
  const Dataset dataset = load(folder, {{"audio", clips}});
  CHECK(dataset.ids == Texts{"3"});
  REQUIRE(dataset.audio.size() == 1);
  CHECK(dataset.audio[0].filename() == "3.mp3");
  CHECK(dataset.target("arousal").values == std::vector<double>{3.5 / 9});
}

TEST_CASE("emomusic: what is wrong with both tables is reported at once") {
  const TempFolder folder;
  write_tables(folder, kSongs + "2,2.mp3,A,B,C,develop\n",
               "song_id,mean_arousal,mean_valence\n2,x,3\n9,1,1\n");
  const std::string message = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(message, Contains("songs_info.csv', line 5, column 'Mediaeval 2013 set': found "
                               "'develop', expected 'development' or 'evaluation'"));
  CHECK_THAT(message, Contains("songs_info.csv', line 5: duplicate song '2'"));
  CHECK_THAT(message,
             Contains("static_annotations.csv', line 2, column 'mean_arousal': found 'x'"));
  CHECK_THAT(message, Contains("static_annotations.csv', line 3: the song '9' is not in "
                               "songs_info.csv"));
}

TEST_CASE("emomusic: columns or tables that are missing") {
  const TempFolder folder;
  write_tables(folder, "song_id,artist\n2,A\n", "song_id,arousal\n2,1\n");
  const std::string message = message_of<DataError>([&] { load(folder); });
  CHECK_THAT(message, Contains("unknown column 'Artist'. Did you mean 'artist'?"));
  CHECK_THAT(message, Contains("unknown column 'Mediaeval 2013 set'"));
  CHECK_THAT(message, Contains("unknown column 'mean_valence'"));
  const TempFolder empty;
  CHECK_THAT(message_of<DataError>([&] { load(empty); }),
             Contains("songs_info.csv'") && Contains("static_annotations.csv'"));
}

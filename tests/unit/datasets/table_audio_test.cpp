// Audio, tags and texts of the kind "table".
#include <catch2/catch.hpp>

#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::message_of;
using musicrep::Options;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

// CRLF, a byte order mark, quotes, and names that are not ASCII.
const std::string kSongs =
    "\xEF\xBB\xBFid,path,genre,tags,words,artist\r\n"
    "a,clips/\xC3\xA9t\xC3\xA9.wav,rock,loud|live,\"said \"\"no\"\"\",X\r\n"
    "b,\"clips/one, two.flac\",pop, live ,,Y\r\n"
    "c,clips/c.mp3,pop,,twice,Z\r\n";

struct Songs {
  TempFolder folder;
  Songs() {
    folder.write("clips/\xC3\xA9t\xC3\xA9.wav", "x");
    folder.write("clips/one, two.flac", "x");
    folder.write("clips/c.mp3", "x");
  }
  [[nodiscard]] Dataset load(Options options, const std::string& csv = kSongs) const {
    options["csv"] = folder.write("songs.csv", csv);
    options.emplace("labels", Texts{"genre"});
    return musicrep::load_dataset("mine", "table", options);
  }
};

}  // namespace

TEST_CASE("table: audio files relative to the CSV or to a folder, texts") {
  const Songs songs;
  const Dataset dataset =
      songs.load({{"file", std::string("path")}, {"text", std::string("words")}});
  REQUIRE(dataset.audio.size() == 3);
  CHECK(dataset.audio[0] == songs.folder.path() / "clips/\xC3\xA9t\xC3\xA9.wav");
  CHECK(dataset.audio[1] == songs.folder.path() / "clips/one, two.flac");
  CHECK(dataset.texts == Texts{"said \"no\"", "", "twice"});
  songs.folder.write("other/x.wav", "x");
  const Dataset moved = songs.load(
      {{"file", std::string("path")}, {"audio", (songs.folder.path() / "other").string()}},
      "id,path,genre\na,x.wav,rock\nb,../clips/c.mp3,pop\n");
  CHECK(moved.audio[0] == songs.folder.path() / "other/x.wav");
}

TEST_CASE("table: audio files of the ids") {
  const Songs songs;
  for (const char* id : {"a", "b", "c"})
    songs.folder.write(std::string("byid/") + id + ".ogg", "x");
  const Options options = {{"audio", (songs.folder.path() / "byid").string()}};
  CHECK(songs.load(options).audio[2].filename() == "c.ogg");
  std::filesystem::remove(songs.folder.path() / "byid/a.ogg");
  std::filesystem::remove(songs.folder.path() / "byid/c.ogg");
  const std::string message = message_of<DataError>([&] { (void)songs.load(options); });
  CHECK_THAT(message, Contains("item 'a': found no file") && Contains("byid/a.wav'") &&
                          Contains("item 'c': found no file"));
}

TEST_CASE("table: audio of the ids in whatever case, and what is missing names 'partial'") {
  const Songs songs;
  songs.folder.write("byid/a.WAV", "x");
  songs.folder.write("byid/B.Flac", "x");
  songs.folder.write("byid/c.mp3", "x");
  songs.folder.write("byid/.c.wav", "x");
  const Options options = {{"audio", (songs.folder.path() / "byid").string()}};
  const Dataset dataset = songs.load(options);
  REQUIRE(dataset.audio.size() == 3);
  CHECK(dataset.audio[0].filename() == "a.WAV");
  CHECK(dataset.audio[1].filename() == "B.Flac");
  CHECK(dataset.audio[2].filename() == "c.mp3");
  songs.folder.write("byid/b.FLAC", "x");  // the exact id goes before one of another case
  CHECK(songs.load(options).audio[1].filename() == "b.FLAC");
  std::filesystem::remove(songs.folder.path() / "byid/a.WAV");
  CHECK_THAT(message_of<DataError>([&] { (void)songs.load(options); }),
             Contains("partial = true") && Contains("item 'a': found no file"));
  std::filesystem::remove(songs.folder.path() / "clips/c.mp3");
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({{"file", std::string("path")}});
             }),
             Contains("partial = true"));
}

TEST_CASE("table: ids that are not UTF-8, and classes that differ in case alone") {
  const Songs songs;
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({},
                                "id,genre\nStra\xDF"
                                "e,rock\nb,pop\n");
             }),
             Contains("songs.csv', line 2, column 'id': found 'Stra\\xDFe'"));
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({{"file", std::string("path")}},
                                "id,path,genre\na,caf\xE9.wav,rock\nb,clips/c.mp3,pop\n");
             }),
             Contains("line 2, column 'path': found 'caf\\xE9.wav'"));
  const Dataset dataset = songs.load({}, "id, genre\na, Rock\nb, rock\nc, rock \nd, pop\n");
  CHECK(dataset.target("genre").classes == Texts{"Rock", "pop", "rock"});
  REQUIRE(dataset.notes.size() == 1);
  CHECK(dataset.notes[0] ==
        "target 'genre': the classes 'Rock' (1 items), 'rock' (2 items) differ in case alone and "
        "are taken as 2 classes");
}

TEST_CASE("table: numbers that stand for infinity are refused by name") {
  const Songs songs;
  Options options = {{"labels", Texts{}}, {"targets", Texts{"x"}}};
  const auto reported = [&](const std::string& csv) {
    return message_of<DataError>([&] { (void)songs.load(options, csv); });
  };
  CHECK_THAT(reported("id,x\na,1\nb,1.7976931348623157e308\n"),
             Contains("item 'b', target 'x': found 1.797"));
  CHECK_THAT(reported("id,x\na,1\nb,\"0,5\"\n"), Contains("line 3, column 'x': found '0,5'"));
  CHECK(reported("id, x\na, +1\nb, -2\n") == "(nothing was thrown)");
}

TEST_CASE("table: missing audio files are reported all at once, or left out when reported to") {
  const Songs songs;
  std::filesystem::remove(songs.folder.path() / "clips/one, two.flac");
  std::filesystem::remove(songs.folder.path() / "clips/c.mp3");
  Options options = {{"file", std::string("path")},
                     {"tags", std::string("tags")},
                     {"text", std::string("words")},
                     {"group", std::string("artist")}};
  const std::string message = message_of<DataError>([&] { (void)songs.load(options); });
  CHECK_THAT(message, Contains("songs.csv', line 3, column 'path': found no file '"));
  CHECK_THAT(message, Contains("songs.csv', line 4, column 'path'") && Contains("clips/c.mp3'"));
  CHECK_THAT(message, !Contains("line 2"));
  options["partial"] = true;
  const Dataset dataset = songs.load(options);
  CHECK(dataset.ids == Texts{"a"});
  CHECK(dataset.groups == Texts{"X"});
  CHECK(dataset.texts.size() == 1);
  CHECK(dataset.target("loud").values == std::vector<double>{1});
  CHECK_THAT(dataset.notes.at(0), Contains("audio of 1 of 3 items; the others are left out"));
  std::filesystem::remove_all(songs.folder.path() / "clips");
  CHECK_THAT(message_of<DataError>([&] { (void)songs.load(options); }), Contains("line 2"));
}

TEST_CASE("table: any number of labels an item") {
  const Songs songs;
  const Dataset dataset = songs.load({{"tags", std::string("tags")}});
  CHECK(dataset.targets.size() == 3);
  CHECK(dataset.target("live").classes == Texts{"absent", "present"});
  CHECK(dataset.target("live").values == std::vector<double>{1, 1, 0});
  CHECK(dataset.target("loud").values == std::vector<double>{1, 0, 0});
  const Options wide = {{"tags", std::string("tags")}, {"tag_separator", std::string(" / ")}};
  CHECK(songs.load(wide, "id,genre,tags\na,x,l / m\nb,y,m\n").target("m").values ==
        std::vector<double>{1, 1});
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({{"tags", std::string("tags")}}, "id,genre,tags\na,x,\nb,y,|\n");
             }),
             Contains("column 'tags': found no label in any row"));
  CHECK_THAT(
      message_of<DataError>([&] {
        (void)songs.load({{"tags", std::string("tags")}}, "id,genre,tags\na,x,genre\nb,y,\n");
      }),
      Contains("the label 'genre' is called as another target is"));
}

TEST_CASE("table: what is wrong with its audio options") {
  const Songs songs;
  CHECK_THAT(
      message_of<ConfigError>([&] {
        (void)songs.load(
            {{"partial", true}, {"tags", std::string("tags")}, {"tag_separator", std::string()}});
      }),
      Contains("'partial' is set, but neither") && Contains("'tag_separator' is empty"));
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({{"file", std::string("pth")}, {"text", std::string("wrods")}});
             }),
             Contains("Did you mean 'path'?") && Contains("Did you mean 'words'?"));
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load(
                   {{"file", std::string("path")}, {"audio", songs.folder.write("file", "x")}});
             }),
             Contains("'audio' names '") && Contains("not a readable folder"));
  CHECK_THAT(message_of<DataError>([&] {
               (void)songs.load({{"file", std::string("path")}},
                                "id,path,genre\na,clips/c.mp3,rock\na,clips/c.mp3,pop\n");
             }),
             Contains("line 3: the id 'a' is in line 2 already"));
}

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "data_dir.h"
#include "datasets/dataset.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::load_dataset;
using musicrep::message_of;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* kGenres[] = {"blues", "classical", "country", "disco",  "hiphop",
                                   "jazz",  "metal",     "pop",     "reggae", "rock"};

/// A metadata folder in the layout of the real one: the first 443 clips are train, then 197 valid,
/// then 290 test; every tenth clip has no artist.
struct Metadata {
  Metadata() {
    Texts all;
    for (const char* genre : kGenres) {
      for (int i = 0; i < 100; ++i) all.push_back(fmt::format("{}/{}.{:05}.wav", genre, genre, i));
    }
    train.assign(all.begin(), all.begin() + 443);
    valid.assign(all.begin() + 443, all.begin() + 640);
    test.assign(all.begin() + 640, all.begin() + 930);
    index = {"## Bob L. Sturm, 2012", "##"};
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string file = all[i].substr(all[i].find('/') + 1);
      index.push_back(i % 10 == 0 ? file + " ::: :::"
                                  : fmt::format("{} ::: Artist {} ::: One ::: Two", file, i / 7));
    }
  }

  [[nodiscard]] Dataset load(const Texts& splits = {}) const {
    const TempFolder folder;
    const auto write = [&](const char* name, const Texts& lines) {
      std::string text = before;
      for (const std::string& line : lines) text += line + line_end;
      folder.write(name, text);
    };
    write("train_filtered.txt", train);
    write("valid_filtered.txt", valid);
    write("test_filtered.txt", test);
    write("GTZANindex.txt", index);
    return load_dataset("gtzan", "gtzan",
                        {{"metadata", folder.path().string()}, {"splits", splits}});
  }

  [[nodiscard]] std::string problems() const {
    return message_of<DataError>([&] { (void)load(); });
  }

  Texts train;
  Texts valid;
  Texts test;
  Texts index;
  std::string before;
  std::string line_end = "\n";
};

}  // namespace

TEST_CASE("gtzan: without metadata, the 1000 clips and their genres") {
  const Dataset dataset = load_dataset("g", "gtzan", {});
  REQUIRE(dataset.ids.size() == 1000);
  CHECK(dataset.ids.front() == "blues.00000");
  CHECK(dataset.ids[299] == "country.00099");
  CHECK(dataset.ids.back() == "rock.00099");
  CHECK(dataset.n_expected == 1000);
  const musicrep::Target& genre = dataset.target("genre");
  CHECK(genre.classes == Texts(std::begin(kGenres), std::end(kGenres)));
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(genre.values[i] == static_cast<double>(i / 100));
  CHECK(dataset.groups.empty());
  CHECK(dataset.splits.empty());
  CHECK(dataset.notes == Texts{"jazz.00054 is corrupt in the common copy",
                               "no metadata: neither splits nor artists are known"});
  CHECK_THAT(dataset.about, Contains("Tzanetakis and Cook"));
}

TEST_CASE("gtzan: splits and artists, with LF or CRLF line ends and a byte order mark") {
  Metadata metadata;
  SECTION("LF") {}
  SECTION("CRLF and byte order mark") {
    metadata.line_end = "\r\n";
    metadata.before = "\xEF\xBB\xBF";
  }
  const Dataset dataset = metadata.load();
  REQUIRE(dataset.splits.size() == 1000);
  CHECK(dataset.splits[442] == "train");
  CHECK(dataset.splits[443] == "valid");
  CHECK(dataset.splits[929] == "test");
  CHECK(dataset.splits[930].empty());
  REQUIRE(dataset.groups.size() == 1000);
  CHECK(dataset.groups[10].empty());
  CHECK(dataset.groups[11] == "Artist 1");
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(),
                   "900 of 1000 items have an artist") == 1);
}

TEST_CASE("gtzan: only the items of some splits") {
  const Dataset dataset = Metadata().load({"train", "test"});
  REQUIRE(dataset.ids.size() == 443 + 290);
  CHECK(dataset.splits.size() == dataset.ids.size());
  CHECK(dataset.groups.size() == dataset.ids.size());
  CHECK(dataset.target("genre").values.size() == dataset.ids.size());
  CHECK(std::count(dataset.splits.begin(), dataset.splits.end(), "test") == 290);
  CHECK(dataset.notes.back() == "733 of 1000 items");
}

TEST_CASE("gtzan: unknown splits, and splits without lists") {
  CHECK_THAT(message_of<ConfigError>([] { (void)Metadata().load({"validation"}); }),
             Contains("unknown value 'validation'. Did you mean 'valid'?"));
  CHECK_THAT(message_of<ConfigError>([] {
               load_dataset("g", "gtzan", {{"splits", Texts{"test"}}});
             }),
             Contains("no folder 'metadata'"));
}

TEST_CASE("gtzan: what is wrong with the lists is reported at once") {
  Metadata metadata;
  metadata.train[4] = "blues/blues.00100.wav";
  metadata.valid.push_back("blues/blues.00000.wav");
  metadata.test.push_back(metadata.test[0]);
  metadata.index[5] = "blues.00003.wav ; John Lee Hooker";
  metadata.index.push_back("blues.00007.wav ::: A ::: B");
  metadata.index.push_back("polka.00007.wav ::: A ::: B");
  const std::string message = metadata.problems();
  CHECK_THAT(message,
             Contains("train_filtered.txt', line 5: found 'blues/blues.00100.wav', expected "
                      "a clip, blues.00000 to rock.00099"));
  CHECK_THAT(message, Contains("valid_filtered.txt', line 198: 'blues.00000' is in the split train "
                               "already"));
  CHECK_THAT(message, Contains("valid_filtered.txt': found 198 clips, expected 197"));
  CHECK_THAT(message, Contains("test_filtered.txt', line 291: ") && Contains("in the split test"));
  CHECK_THAT(message, Contains("test_filtered.txt': found 291 clips, expected 290"));
  CHECK_THAT(message,
             Contains("GTZANindex.txt', line 6: found 'blues.00003.wav ; John Lee Hooker', "
                      "expected 'clip ::: artist ::: title'"));
  CHECK_THAT(message, Contains("GTZANindex.txt', line 1003: 'blues.00007' has a line already"));
  CHECK_THAT(message, Contains("GTZANindex.txt', line 1004: found 'polka.00007.wav'"));
  CHECK_THAT(message, Contains("GTZANindex.txt': found 999 clips, expected 1000"));
}

TEST_CASE("gtzan: all files that are missing are reported at once") {
  const TempFolder folder;
  const std::string message = message_of<DataError>([&] {
    load_dataset("g", "gtzan", {{"metadata", folder.path().string()}});
  });
  for (const char* name :
       {"train_filtered.txt", "valid_filtered.txt", "test_filtered.txt", "GTZANindex.txt"}) {
    CHECK_THAT(message, Contains("there is no file '" + (folder.path() / name).string() + "'"));
  }
}

TEST_CASE("gtzan: clips in whatever case and format, and what is no clip is noted") {
  const TempFolder folder;
  folder.write("Genres/Rock/rock.00000.WAV", "x");
  folder.write("Genres/Rock/ROCK.00001.mp3", "x");
  folder.write("Genres/blues/blues.00007.flac", "x");
  folder.write("Genres/blues/blues.00007.au", "x");
  folder.write("Genres/blues/blues.00100.wav", "x");
  folder.write("Genres/blues/rock.00002.wav", "x");
  folder.write("Genres/blues/.DS_Store", "x");
  folder.write("elsewhere/pop.00000.wav", "x");
  const Dataset dataset = load_dataset("g", "gtzan", {{"audio", folder.path().string()}});
  CHECK(dataset.ids == Texts{"blues.00007", "rock.00000", "rock.00001"});
  CHECK(dataset.audio[0].filename() == "blues.00007.au");
  CHECK(dataset.audio[1].filename() == "rock.00000.WAV");
  CHECK(dataset.audio[2].filename() == "ROCK.00001.mp3");
  const auto reported =
      std::find_if(dataset.notes.begin(), dataset.notes.end(),
                   [](const std::string& note) { return note.starts_with("left out: 2 files"); });
  REQUIRE(reported != dataset.notes.end());
  CHECK_THAT(*reported, Contains("blues.00100.wav") && Contains("rock.00002.wav"));
}

TEST_CASE("gtzan: the real metadata") {
  const auto path = musicrep::data_path("gtzan/metadata");
  if (!path) return;
  const Dataset dataset = load_dataset("gtzan", "gtzan", {{"metadata", path->string()}});
  REQUIRE(dataset.ids.size() == 1000);
  const auto count = [&](const char* split) {
    return std::count(dataset.splits.begin(), dataset.splits.end(), split);
  };
  CHECK(count("train") == 443);
  CHECK(count("valid") == 197);
  CHECK(count("test") == 290);
  CHECK(count("") == 70);
  CHECK(std::count(dataset.groups.begin(), dataset.groups.end(), "") == 81);
  CHECK(std::count(dataset.notes.begin(), dataset.notes.end(),
                   "919 of 1000 items have an artist") == 1);
  CHECK(dataset.groups[0] == "John Lee Hooker");
  const Texts artists = dataset.groups;
  CHECK(std::set<std::string>(artists.begin(), artists.end()).size() == 236);  // unknown is one
}

TEST_CASE("table: the real list of GTZAN and of emoMusic by Choi et al.") {
  const auto path = musicrep::data_path("choi2017/data_csv");
  if (!path) return;
  const Dataset gtzan =
      load_dataset("gtzan", "table",
                   {{"csv", (*path / "gtzan_genre.csv").string()},
                    {"id", std::string("filepath")},
                    {"id_from", std::string("stem")},
                    {"labels", Texts{"label"}},
                    {"class_names", Texts(std::begin(kGenres), std::end(kGenres))}});
  const Dataset canonical = load_dataset("gtzan", "gtzan", {});
  CHECK(gtzan.ids == canonical.ids);
  CHECK(gtzan.target("label").classes == canonical.target("genre").classes);
  CHECK(gtzan.target("label").values == canonical.target("genre").values);

  const Dataset emo = load_dataset("emo", "table",
                                   {{"csv", (*path / "emoMusic.csv").string()},
                                    {"targets", Texts{"label_arousal", "label_valence"}}});
  CHECK(emo.ids.size() == 744);
  CHECK(emo.target("label_arousal").values[0] == 0.344444444444);
}

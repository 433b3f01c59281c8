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

/// A data set of kind "table" from a CSV text and options.
Dataset load(const std::string& csv, Options options) {
  const TempFolder folder;
  options["csv"] = folder.write("songs.csv", csv);
  return musicrep::load_dataset("mine", "table", options);
}

template <typename E>
std::string load_message(const std::string& csv, const Options& options) {
  return message_of<E>([&] { load(csv, options); });
}

const std::string kSongs =
    "id,genre,valence,artist,split\n"
    "a,rock,0.5,X,train\n"
    "b,blues,-1,,validation\n"
    "c,rock,1e-3,Y,\n"
    "d,jazz,2,Y,test\n";

}  // namespace

TEST_CASE("table: labels, targets, groups and splits") {
  const Dataset dataset = load(kSongs, {{"labels", Texts{"genre"}},
                                        {"targets", Texts{"valence"}},
                                        {"group", std::string("artist")},
                                        {"split", std::string("split")},
                                        {"about", std::string("a test")},
                                        {"n_expected", std::int64_t{5}}});
  CHECK(dataset.name == "mine");
  CHECK(dataset.kind == "table");
  CHECK(dataset.about == "a test");
  CHECK(dataset.ids == Texts{"a", "b", "c", "d"});
  CHECK(dataset.target("genre").classes == Texts{"blues", "jazz", "rock"});
  CHECK(dataset.target("genre").values == std::vector<double>{2, 0, 2, 1});
  CHECK(dataset.target("valence").values == std::vector<double>{0.5, -1, 1e-3, 2});
  CHECK(dataset.groups == Texts{"X", "", "Y", "Y"});
  CHECK(dataset.splits == Texts{"train", "valid", "", "test"});
  CHECK(dataset.n_expected == 5);
  CHECK(dataset.notes == Texts{"4 of 5 items"});
}

TEST_CASE("table: without groups and splits there are none") {
  const Dataset dataset = load(kSongs, {{"targets", Texts{"valence"}}});
  CHECK(dataset.groups.empty());
  CHECK(dataset.splits.empty());
  CHECK(dataset.notes.empty());
}

TEST_CASE("table: only the items of some splits") {
  const Dataset dataset = load(kSongs, {{"labels", Texts{"genre"}},
                                        {"split", std::string("split")},
                                        {"splits", Texts{"test", "train"}}});
  CHECK(dataset.ids == Texts{"a", "d"});
  CHECK(dataset.splits == Texts{"train", "test"});
  CHECK(dataset.target("genre").classes == Texts{"jazz", "rock"});
  CHECK(dataset.notes == Texts{"splits test, train alone: 2 of 4 rows"});
}

TEST_CASE("table: pandas' index, paths as ids, and class indices with names") {
  const Dataset dataset = load(
      "\xEF\xBB\xBF,id,filepath,label\r\n"
      "0,rock,g/rock/rock.00000.au,1\r\n"
      "1,blues,g/blues/blues.00000.au,0\r\n"
      "2,rock,g/rock/rock.00001.au,1\r\n",
      {{"id", std::string("filepath")},
       {"id_from", std::string("stem")},
       {"labels", Texts{"label"}},
       {"class_names", Texts{"zydeco", "rock", "unused"}}});
  CHECK(dataset.ids == Texts{"rock.00000", "blues.00000", "rock.00001"});
  CHECK(dataset.target("label").classes == Texts{"rock", "zydeco"});
  CHECK(dataset.target("label").values == std::vector<double>{0, 1, 0});
}

TEST_CASE("table: labels with commas and quotes") {
  const Dataset dataset = load("id,genre\n\"a\",\"rock, hard\"\nb,\"so-called \"\"art\"\"\"\n",
                               {{"labels", Texts{"genre"}}});
  CHECK(dataset.target("genre").classes == Texts{"rock, hard", "so-called \"art\""});
}

TEST_CASE("table: what is wrong with the rows is reported at once, with its lines") {
  const std::string message = load_message<DataError>(
      "id,genre,valence,split\n"
      "a,rock,0.5,train\n"
      "b,,nan,train\n"
      "a,jazz,,tests\n"
      ",jazz,1,\n",
      {{"labels", Texts{"genre"}}, {"targets", Texts{"valence"}}, {"split", std::string("split")}});
  CHECK_THAT(message, Contains("songs.csv', line 3, column 'genre': found no label"));
  CHECK_THAT(
      message,
      Contains("songs.csv', line 3, column 'valence': found 'nan', expected a finite number"));
  CHECK_THAT(message, Contains("songs.csv', line 4, column 'valence': found an empty field"));
  CHECK_THAT(message, Contains("songs.csv', line 4: the id 'a' is in line 2 already"));
  CHECK_THAT(
      message,
      Contains("songs.csv', line 4, column 'split': unknown split 'tests'. Did you mean 'test'?"));
  CHECK_THAT(message, Contains("songs.csv', line 5, column 'id': found '', expected an id"));
}

TEST_CASE("table: all missing columns are reported at once") {
  const std::string message =
      load_message<DataError>(kSongs, {{"id", std::string("ident")},
                                       {"labels", Texts{"genres"}},
                                       {"targets", Texts{"valence", "arousal"}},
                                       {"group", std::string("artists")}});
  CHECK_THAT(message, Contains("songs.csv'"));
  CHECK_THAT(message, Contains("unknown column 'ident'"));
  CHECK_THAT(message, Contains("unknown column 'genres'. Did you mean 'genre'?"));
  CHECK_THAT(message, Contains("unknown column 'arousal'"));
  CHECK_THAT(message, Contains("unknown column 'artists'. Did you mean 'artist'?"));
}

TEST_CASE("table: class indices out of range or no indices") {
  const std::string message =
      load_message<DataError>("id,label\na,0\nb,2\nc,rock\nd,-1\n",
                              {{"labels", Texts{"label"}}, {"class_names", Texts{"x", "y"}}});
  CHECK_THAT(
      message,
      Contains("line 3, column 'label': found '2', expected an index into 'class_names', 0 to 1"));
  CHECK_THAT(message, Contains("line 4, column 'label': found 'rock'"));
  CHECK_THAT(message, Contains("line 5, column 'label': found '-1'"));
}

TEST_CASE("table: options that contradict each other are reported at once") {
  const std::string message =
      load_message<ConfigError>(kSongs, {{"labels", Texts{"genre", "split", "genre"}},
                                         {"class_names", Texts{"x", "x"}},
                                         {"splits", Texts{"train"}}});
  CHECK_THAT(message, Contains("column 'genre' is listed twice"));
  CHECK_THAT(message, Contains("'class_names' names the classes of one label column, found 3"));
  CHECK_THAT(message, Contains("'class_names' lists a name twice"));
  CHECK_THAT(message, Contains("'splits' is given, but not 'split'"));
  const std::string values = load_message<ConfigError>(kSongs, {{"labels", Texts{"genre"}},
                                                                {"splits", Texts{"train", "trian"}},
                                                                {"n_expected", std::int64_t{-1}}});
  CHECK_THAT(values, Contains("option 'splits': unknown value 'trian'. Did you mean 'train'?"));
  CHECK_THAT(values, Contains("option 'n_expected': found -1, expected at least 0"));

  CHECK_THAT(load_message<ConfigError>(kSongs, {}), Contains("neither 'labels' nor 'targets'"));
  CHECK_THAT(load_message<ConfigError>(
                 kSongs, {{"labels", Texts{"genre"}}, {"id_from", std::string("steam")}}),
             Contains("unknown value of id_from 'steam'. Did you mean 'stem'?"));
}

TEST_CASE("table: nothing to learn from") {
  const Options genre = {{"labels", Texts{"genre"}}};
  CHECK_THAT(load_message<DataError>("id,genre\n", genre),
             Contains("songs.csv': found a header and no rows"));
  CHECK_THAT(load_message<DataError>("id,genre\na,rock\nb,rock\n", genre),
             Contains("column 'genre': found the one class 'rock', expected two or more"));
  CHECK_THAT(
      load_message<DataError>("id,genre,split\na,rock,test\n", {{"labels", Texts{"genre"}},
                                                                {"split", std::string("split")},
                                                                {"splits", Texts{"train"}}}),
      Contains("songs.csv': none of its 1 rows is in the splits train"));
}

TEST_CASE("table: files that are damaged or not there") {
  const Options genre = {{"labels", Texts{"genre"}}};
  CHECK_THAT(load_message<DataError>("id,genre\na,\"rock\n", genre),
             Contains("songs.csv', line 2: found no end of a quoted field"));
  CHECK_THAT(load_message<DataError>("id,genre\na\n", genre),
             Contains("songs.csv': line 2: found 1 fields, expected 2"));
  CHECK_THAT(load_message<DataError>("", genre), Contains("songs.csv': found an empty file"));
  CHECK_THAT(message_of<DataError>([&] {
               musicrep::load_dataset(
                   "mine", "table",
                   {{"csv", std::string("no/such.csv")}, {"labels", Texts{"genre"}}});
             }),
             Contains("'no/such.csv'"));
}

#include <algorithm>
#include <catch2/catch.hpp>

#include "data_dir.h"
#include "datasets/dataset.h"
#include "gzip_testing.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::DataError;
using musicrep::Dataset;
using musicrep::gzipped;
using musicrep::load_dataset;
using musicrep::message_of;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

const std::string kReviews =
    "{\"asin\": \"A2\", \"summary\": \"Good\", \"reviewText\": \"Loud & proud.\"}\n"
    "{\"asin\": \"A1\", \"summary\": \"\", \"reviewText\": \"Quiet.\"}\n"
    "{\"asin\": \"A2\", \"summary\": \"Bad\", \"reviewText\": \"\"}\n"
    "{\"asin\": \"A9\", \"reviewText\": \"No genre.\"}\n";
const std::string kMetadata =
    "{'asin': 'A1', 'title': \"It's\"}\n"
    "{'asin': 'A2', 'brand': 'Bj\xC3\xB6rk'}\n";

void write(const TempFolder& folder, std::string_view reviews, std::string_view metadata) {
  folder.write("reviews_Digital_Music_5.json.gz", reviews);
  folder.write("meta_Digital_Music.json.gz", metadata);
  folder.write("with_genres.csv",
               "\"\",\"title\",\"asin\",\"genre\"\n\"1\",\"It's\",\"A1\",\"Jazz\"\n"
               "\"2\",\"\",\"A2\",\"Pop\"\n\"3\",\"\",\"A2\",\"Pop\"\n");
}

Dataset load(const std::filesystem::path& path, bool allow_truncated = false) {
  return load_dataset("a", "amazon_reviews",
                      {{"path", path.string()}, {"allow_truncated", allow_truncated}});
}

bool noted(const Dataset& dataset, const std::string& note) {
  return std::count(dataset.notes.begin(), dataset.notes.end(), note) == 1;
}

}  // namespace

TEST_CASE("amazon reviews: an album's text is all of its reviews") {
  const TempFolder folder;
  write(folder, gzipped(kReviews), kMetadata);
  const Dataset dataset = load(folder.path());
  CHECK(dataset.ids == Texts{"A2", "A1"});
  CHECK(dataset.texts == Texts{"Good\nLoud & proud.\nBad", "Quiet."});
  CHECK(dataset.groups == Texts{"Bj\xC3\xB6rk", ""});
  CHECK(dataset.target("genre").classes == Texts{"Jazz", "Pop"});
  CHECK(dataset.target("genre").values == std::vector<double>{1, 0});
  CHECK(dataset.target("genre").facet == "genre");
  CHECK(dataset.audio.empty());
  CHECK(noted(dataset, "4 reviews of 3 albums, 2 of them with a genre and 1 with an artist"));
}

TEST_CASE("amazon reviews: files that are cut off are refused both at once, or used on request") {
  const TempFolder folder;
  const std::string reviews = gzipped(kReviews);
  const std::string metadata = gzipped(kMetadata);
  write(folder, std::string_view(reviews).substr(0, reviews.size() - 12),
        std::string_view(metadata).substr(0, metadata.size() - 5));
  const std::string message = message_of<DataError>([&] { load(folder.path()); });
  CHECK_THAT(message, Contains("reviews_Digital_Music_5.json.gz': the packed file is cut off") &&
                          Contains("set allow_truncated = true"));
  CHECK_THAT(message, Contains("meta_Digital_Music.json.gz': the packed file is cut off after "
                               "line 2 (2 good records)"));
  const Dataset dataset = load(folder.path(), true);
  CHECK(dataset.ids[0] == "A2");
  CHECK(noted(dataset,
              "meta_Digital_Music.json.gz is cut off: the 2 records before the cut are used"));
  CHECK(dataset.notes.size() == 3);
}

TEST_CASE("amazon reviews: all that is wrong is reported at once") {
  const TempFolder folder;
  std::string damaged = gzipped(kMetadata);
  damaged[damaged.size() - 6] ^= 1;
  write(folder, "{\"asin\": \"A1\"}\nnonsense\n{\"reviewText\": \"x\"}\n", damaged);
  folder.write("with_genres.csv", "asin,genre\nA1,Jazz\nA1,Pop\n");
  for (const bool allow : {false, true}) {
    const std::string message = message_of<DataError>([&] { load(folder.path(), allow); });
    CHECK_THAT(message, Contains("line 1: expected the texts 'asin' and 'reviewText'"));
    CHECK_THAT(message, Contains("line 2: found 'nonsense'"));
    CHECK_THAT(message, Contains("line 3: expected the texts"));
    CHECK_THAT(message, Contains("meta_Digital_Music.json.gz': damaged after line"));
    CHECK_THAT(message, Contains("with_genres.csv', line 3: the album 'A1' is 'Pop', and 'Jazz'"));
  }
  CHECK_THAT(message_of<DataError>([&] { load(folder.path() / "none"); }),
             Contains("reviews_Digital_Music_5.json.gz") &&
                 Contains("meta_Digital_Music.json.gz") && Contains("with_genres.csv"));
}

TEST_CASE("amazon reviews: the real files, which are cut off") {
  const auto path = musicrep::data_path("amazon_reviews");
  if (!path) return;
  const std::string message = message_of<DataError>([&] { load(*path); });
  CHECK_THAT(message, Contains("reviews_Digital_Music_5.json.gz': the packed file is cut off after "
                               "line 6908 (6908 good records)"));
  CHECK_THAT(message, Contains("meta_Digital_Music.json.gz': the packed file is cut off after line "
                               "7419 (7419 good records)"));
  const Dataset dataset = load(*path, true);
  CHECK(dataset.ids.size() == 381);
  CHECK(dataset.ids[0] == "5555991584");
  CHECK_THAT(dataset.texts[0], Catch::StartsWith("Enya's last great album\nIt's hard to believe"));
  CHECK(dataset.target("genre").classes.size() == 9);
  CHECK(
      noted(dataset, "6908 reviews of 382 albums, 381 of them with a genre and 51 with an artist"));
}

// Kind "amazon_reviews": album reviews of Amazon's 2014 release (He and McAuley 2016).
#include <fmt/format.h>

#include <filesystem>
#include <unordered_map>
#include <utility>

#include "core/options.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/json_records.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kOwner = "data set of kind 'amazon_reviews':";

/// Albums in the order of their first reviews.
struct Albums {
  std::vector<std::string> ids;
  std::vector<std::string> texts;  // [n] all reviews of each
  std::unordered_map<std::string, std::size_t> index;
  std::size_t n_reviews = 0;
};

/// Reads one of the two files of records. One that is cut off is a problem, or a note where the
/// user allows it.
void read_records(const fs::path& path, bool allow_truncated, const RecordBody& body,
                  Dataset& dataset, Problems& problems) {
  std::size_t n = 0;
  LinesRead read;
  try {
    read = for_each_json_line(
        path,
        [&](const nlohmann::json& record, const std::string& where) {
          ++n;
          body(record, where);
        },
        problems);
  } catch (const DataError& error) {
    problems.add(error.what());
    return;
  }
  if (!read.is_truncated) return;
  if (!allow_truncated) {
    problems.add(fmt::format(
        "'{}': the packed file is cut off after line {} ({} good records); fetch it again, or set allow_truncated = true to use these",
        path.string(), read.n_lines, n));
    return;
  }
  dataset.notes.push_back(fmt::format("{} is cut off: the {} records before the cut are used",
                                      path.filename().string(), n));
}

Albums read_reviews(const fs::path& path, bool allow_truncated, Dataset& dataset,
                    Problems& problems) {
  Albums albums;
  const auto add = [&](const nlohmann::json& record, const std::string& where) {
    const std::string id = text_of(record, "asin");
    if (id.empty() || !record.contains("reviewText")) {
      problems.add(fmt::format("{}: expected the texts 'asin' and 'reviewText'", where));
      return;
    }
    ++albums.n_reviews;
    const auto [at, is_new] = albums.index.emplace(id, albums.ids.size());
    if (is_new) {
      albums.ids.push_back(id);
      albums.texts.emplace_back();
    }
    std::string& text = albums.texts[at->second];
    for (const char* key : {"summary", "reviewText"}) {
      const std::string part = text_of(record, key);
      if (trimmed(part).empty()) continue;
      if (!text.empty()) text += '\n';
      text += trimmed(part);
    }
  };
  read_records(path, allow_truncated, add, dataset, problems);
  return albums;
}

/// The brand of each album, which is its artist where Amazon knows it.
std::unordered_map<std::string, std::string> read_artists(const fs::path& path,
                                                          bool allow_truncated, Dataset& dataset,
                                                          Problems& problems) {
  std::unordered_map<std::string, std::string> artists;
  const auto add = [&](const nlohmann::json& record, const std::string& where) {
    const std::string id = text_of(record, "asin");
    if (id.empty()) {
      problems.add(fmt::format("{}: expected the text 'asin'", where));
    } else if (!artists.emplace(id, trimmed(text_of(record, "brand"))).second) {
      problems.add(fmt::format("{}: duplicate album '{}'", where, id));
    }
  };
  read_records(path, allow_truncated, add, dataset, problems);
  return artists;
}

std::unordered_map<std::string, std::string> read_genres(const fs::path& path, Problems& problems) {
  std::unordered_map<std::string, std::string> genres;
  try {
    const CsvTable table = read_csv(path);
    const std::size_t id = table.column("asin");
    const std::size_t genre = table.column("genre");
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const std::string album(trimmed(table.rows[r][id]));
      const std::string name(trimmed(table.rows[r][genre]));
      // The published table lists some albums twice, identically.
      const auto [first, is_new] = genres.emplace(album, name);
      if (!is_new && first->second != name) {
        problems.add(fmt::format("{}: the album '{}' is '{}', and '{}' above", table.where(r),
                                 album, name, first->second));
      }
    }
  } catch (const DataError& error) {
    problems.add(error.what());
  }
  return genres;
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const bool allow_truncated = option<bool>(options, "allow_truncated");
  if (path.empty()) {
    throw ConfigError(fmt::format("{} option 'path' is empty, expected a folder", kOwner));
  }
  Dataset dataset;
  dataset.about =
      "Amazon's album reviews: He and McAuley, \"Ups and Downs: Modeling the Visual Evolution of Fashion Trends with One-Class Collaborative Filtering\", WWW 2016; for research use";
  Problems problems;
  const Albums albums = read_reviews(path / option<std::string>(options, "reviews"),
                                     allow_truncated, dataset, problems);
  const auto artists = read_artists(path / option<std::string>(options, "metadata"),
                                    allow_truncated, dataset, problems);
  const auto genres = read_genres(path / option<std::string>(options, "genres"), problems);
  problems.throw_if_any(kOwner);

  std::vector<std::string> classes;
  std::size_t n_artists = 0;
  for (std::size_t i = 0; i < albums.ids.size(); ++i) {
    const auto genre = genres.find(albums.ids[i]);
    if (genre == genres.end() || genre->second.empty()) continue;
    const auto artist = artists.find(albums.ids[i]);
    dataset.ids.push_back(albums.ids[i]);
    dataset.texts.push_back(albums.texts[i]);
    dataset.groups.push_back(artist == artists.end() ? "" : artist->second);
    if (!dataset.groups.back().empty()) ++n_artists;
    classes.push_back(genre->second);
  }
  if (dataset.ids.empty()) {
    throw DataError(fmt::format("{} found the genre of none of the {} albums with reviews", kOwner,
                                albums.ids.size()));
  }
  dataset.targets.push_back(make_class_target("genre", classes));
  dataset.targets.back().title = "Genre";
  dataset.targets.back().facet = "genre";
  dataset.notes.push_back(
      fmt::format("{} reviews of {} albums, {} of them with a genre and {} with an artist",
                  albums.n_reviews, albums.ids.size(), dataset.ids.size(), n_artists));
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "amazon_reviews";
  kind.description =
      "Amazon's album reviews with genres, texts without audio (He and McAuley 2016)";
  kind.bibtex = R"(% known by: Ups and Downs
@inproceedings{he2016ups,
  title = {Ups and Downs: Modeling the Visual Evolution of Fashion Trends with One-Class Collaborative Filtering},
  author = {He, Ruining and McAuley, Julian},
  booktitle = {Proceedings of the 25th International Conference on World Wide Web (WWW)},
  year = {2016}
})";
  kind.fetch_help =
      "Reviews and metadata: https://jmcauley.ucsd.edu/data/amazon/ (the 2014 release), \"Digital\n"
      "Music\": the 5-core reviews and the metadata. MuMu's reviews come from the same source.\n"
      "Licence: for research use.\n"
      "Layout: the option 'path' names a folder that holds\n"
      "  reviews_Digital_Music_5.json.gz   one JSON object a line: asin, summary, reviewText, and\n"
      "                                    more\n"
      "  meta_Digital_Music.json.gz        one Python dictionary a line, as released, or JSON: asin,\n"
      "                                    brand (the artist, where it is known), and more\n"
      "  with_genres.csv                   asin, genre: one genre an album; a table of your own\n"
      "Files may also be unpacked. An album with reviews and a genre is an item, its text all of\n"
      "its reviews. It holds no audio.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of the three files",
       .required = true,
       .is_path = true},
      {"reviews", std::string("reviews_Digital_Music_5.json.gz"), "file of the reviews in 'path'"},
      {"metadata", std::string("meta_Digital_Music.json.gz"), "file of the metadata in 'path'"},
      {"genres", std::string("with_genres.csv"), "table of the genres in 'path'"},
      {"allow_truncated", false, "use the good records of packed files that are cut off"},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker amazon_reviews = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

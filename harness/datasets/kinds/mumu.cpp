// Kind "mumu": songs of the Million Song Dataset with genres and reviews of their albums (Oramas et
// al. 2017).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/options.h"
#include "datasets/audio_folder.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/json_records.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kOwner = "data set of kind 'mumu':";
constexpr const char* kMetadata = "amazon_metadata_MuMu.json";
constexpr const char* kReviews = "amazon_reviews_MuMu.json";
constexpr std::size_t kSongs = 147295;  // of the multi-label table, says its README

/// The row of each song; the songs' ids and groups are in the data set.
struct Songs {
  Dataset dataset;
  std::unordered_map<std::string, std::size_t> index;
  Texts albums;             // [n] amazon_id
  std::vector<Texts> tags;  // [n] genres
};

Texts split_genres(std::string_view field, bool is_multi) {
  if (!is_multi) return trimmed(field).empty() ? Texts{} : Texts{std::string(trimmed(field))};
  Texts genres;
  while (!field.empty()) {
    const std::size_t end = field.find(',');
    const std::string_view genre = trimmed(field.substr(0, end));
    if (!genre.empty()) genres.emplace_back(genre);
    field.remove_prefix(end == std::string_view::npos ? field.size() : end + 1);
  }
  return genres;
}

Songs read_table(const fs::path& path, bool is_multi, Problems& problems) {
  const CsvTable table = read_csv(path);
  constexpr std::array kColumns = {"MSD_track_id", "amazon_id", "artist_mbid", "genres"};
  std::array<std::size_t, kColumns.size()> columns{};
  Problems missing;
  for (std::size_t c = 0; c < kColumns.size(); ++c) {
    try {
      columns[c] = table.column(kColumns[c]);
    } catch (const DataError& error) {
      missing.add(error.what());
    }
  }
  for (const std::string& problem : missing.list()) problems.add(problem);
  Songs songs;
  if (!missing.empty()) return songs;
  std::size_t repeats = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto field = [&](std::size_t c) {
      return std::string(trimmed(table.rows[r][columns[c]]));
    };
    const std::string id = field(0);
    const std::string album = field(1);
    Texts genres = split_genres(table.rows[r][columns[3]], is_multi);
    for (std::size_t c = 0; c < 2; ++c) {
      if (!field(c).empty()) continue;
      problems.add(fmt::format("{}, column '{}': found no id", table.where(r), kColumns[c]));
    }
    if (genres.empty()) {
      problems.add(fmt::format("{}, column 'genres': found no genre", table.where(r)));
    }
    if (id.empty()) continue;
    if (!songs.index.emplace(id, songs.albums.size()).second) {
      ++repeats;  // one song on two albums, as the published tables have it
      continue;
    }
    songs.dataset.ids.push_back(id);
    const std::string artist = field(2);
    songs.dataset.groups.push_back(artist.empty() ? "album " + album : artist);
    songs.albums.push_back(album);
    songs.tags.push_back(std::move(genres));
  }
  if (problems.empty() && songs.albums.empty()) {
    problems.add(fmt::format("'{}': found a header and no rows", path.string()));
  }
  if (repeats > 0) {
    songs.dataset.notes.push_back(fmt::format(
        "{} rows are of songs that stand in the table already; the first is used", repeats));
  }
  return songs;
}

std::string album_of(const nlohmann::json& record, const std::string& where, Problems& problems) {
  std::string id = text_of(record, "amazon_id");
  if (id.empty()) id = text_of(record, "asin");
  if (id.empty()) problems.add(fmt::format("{}: expected the text 'amazon_id'", where));
  return id;
}

/// All reviews of the albums that the songs are of, as the text of each song.
void read_reviews(const fs::path& path, Songs& songs, Problems& problems) {
  std::unordered_map<std::string, std::string> texts;
  for (const std::string& album : songs.albums) texts.emplace(album, "");
  std::size_t n = 0;
  for_each_json_record(
      path,
      [&](const nlohmann::json& record, const std::string& where) {
        if (!record.contains("reviewText")) {
          problems.add(fmt::format("{}: expected the text 'reviewText'", where));
        }
        const auto text = texts.find(album_of(record, where, problems));
        if (text == texts.end()) return;
        ++n;
        for (const char* key : {"summary", "reviewText"}) {
          const std::string part = text_of(record, key);
          if (trimmed(part).empty()) continue;
          if (!text->second.empty()) text->second += '\n';
          text->second += trimmed(part);
        }
      },
      problems);
  for (const std::string& album : songs.albums) songs.dataset.texts.push_back(texts.at(album));
  const auto with_text =
      std::ranges::count_if(texts, [](const auto& entry) { return !entry.second.empty(); });
  songs.dataset.notes.push_back(
      fmt::format("{} reviews of {} of {} albums", n, with_text, texts.size()));
}

void read_metadata(const fs::path& path, Songs& songs, Problems& problems) {
  std::unordered_set<std::string> known;
  for_each_json_record(
      path,
      [&](const nlohmann::json& record, const std::string& where) {
        known.insert(album_of(record, where, problems));
      },
      problems);
  const std::set<std::string> albums(songs.albums.begin(), songs.albums.end());
  const auto n =
      std::ranges::count_if(albums, [&](const std::string& id) { return known.contains(id); });
  songs.dataset.notes.push_back(fmt::format("metadata of {} of {} albums", n, albums.size()));
}

/// One class of all, or each genre present or absent.
void add_targets(const std::vector<Texts>& tags, bool is_multi, Dataset& dataset) {
  if (!is_multi) {
    Texts classes;
    for (const Texts& genres : tags) classes.push_back(genres.front());
    dataset.targets.push_back(make_class_target("genre", classes));
    dataset.targets.back().title = "Genre";
  } else {
    std::map<std::string, std::vector<bool>> present;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      for (const std::string& genre : tags[i]) {
        std::vector<bool>& of_genre = present[genre];
        of_genre.resize(tags.size());
        of_genre[i] = true;
      }
    }
    for (const auto& [genre, of_genre] : present) {
      dataset.targets.push_back(make_presence_target(genre, of_genre));
      dataset.targets.back().title = genre;
    }
  }
  for (Target& target : dataset.targets) target.facet = "genre";
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& audio = option<std::string>(options, "audio");
  const auto& labels = option<std::string>(options, "labels");
  if (path.empty()) {
    throw ConfigError(fmt::format("{} option 'path' is empty, expected a folder", kOwner));
  }
  const bool is_multi = labels == "multi";
  Problems problems;
  Songs songs;
  try {
    songs = read_table(path / fmt::format("MuMu_dataset_{}-label.csv", labels), is_multi, problems);
  } catch (const DataError& error) {
    problems.add(error.what());
  }
  Dataset& full = songs.dataset;
  const auto read_if_there = [&](const char* name, auto read) {
    const fs::path file = path / name;
    std::error_code none;
    if (!fs::exists(file, none)) {
      full.notes.push_back(fmt::format("no {}", name));
      return;
    }
    try {
      read(file, songs, problems);
    } catch (const DataError& error) {
      problems.add(error.what());
    }
  };
  read_if_there(kReviews, read_reviews);
  read_if_there(kMetadata, read_metadata);
  problems.throw_if_any(kOwner);

  full.about =
      "MuMu: Oramas et al., \"Multi-label Music Genre Classification from Audio, Text, and Images "
      "Using Deep Features\", ISMIR 2017; audio of the Million Song Dataset is not part of it";
  if (is_multi) full.n_expected = kSongs;
  // Targets last: one a genre, they are large, and those of songs without audio are not needed.
  Dataset dataset = audio.empty() ? std::move(full) : with_audio(full, audio, kOwner, true);
  std::vector<Texts> tags;
  for (const std::string& id : dataset.ids) tags.push_back(songs.tags[songs.index.at(id)]);
  add_targets(tags, is_multi, dataset);
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "mumu";
  kind.description = "MuMu: genres and reviews of albums for songs of the MSD (Oramas et al. 2017)";
  kind.bibtex = R"(% known by: Multi-label Music Genre
@inproceedings{oramas2017multilabel,
  title = {Multi-Label Music Genre Classification from Audio, Text, and Images Using Deep Features},
  author = {Oramas, Sergio and Nieto, Oriol and Barbieri, Francesco and Serra, Xavier},
  booktitle = {Proceedings of the 18th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2017}
})";
  kind.fetch_help =
      "Tables: https://www.upf.edu/web/mtg/mumu, \"MuMu dataset (mapping,\n"
      "metadata, annotations and text reviews)\": 147,295 songs of 31,471 albums, 447,583 "
      "reviews.\n"
      "Audio: not part of it. It names songs by their id in the Million Song Dataset, whose "
      "7digital\n"
      "previews are no longer available; use your own files.\n"
      "Licence: for research use.\n"
      "Layout: the option 'path' names a folder that holds\n"
      "  MuMu_dataset_single-label.csv   amazon_id, album_mbid, MSD_track_id, recording_mbid,\n"
      "                                  artist_mbid, genres: one genre\n"
      "  MuMu_dataset_multi-label.csv    the same, genres: several, with commas between them\n"
      "  amazon_reviews_MuMu.json        optional: a list of objects with amazon_id, summary and\n"
      "                                  reviewText, or one a line\n"
      "  amazon_metadata_MuMu.json       optional: a list of objects with amazon_id, and more\n"
      "The option 'audio' names a folder of <MSD_track_id>.mp3 (or .wav, .flac, .ogg), also in\n"
      "folders below it. The songs that are there are the items; without 'audio' all are. Groups "
      "are\n"
      "artists, or albums where the artist is not known. The text of a song is all reviews of its\n"
      "album.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of the tables",
       .required = true,
       .is_path = true},
      {.name = "labels",
       .default_value = std::string("multi"),
       .description =
           "\"multi\": each genre a target, absent or present; \"single\": one target genre",
       .one_of = {"single", "multi"}},
      {.name = "audio",
       .default_value = std::string(),
       .description =
           "folder of <MSD_track_id>.mp3, .wav, .flac or .ogg, folders below it included: the "
           "songs that are there are the items; empty: all songs, without audio",
       .is_path = true},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker mumu = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

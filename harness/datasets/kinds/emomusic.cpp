// Kind "emomusic": Emotion in Music of MediaEval 2013 (Soleymani et al. 2013).
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/options.h"
#include "datasets/audio_folder.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kOwner = "data set of kind 'emomusic':";
constexpr std::size_t kSongs = 744;
// Ratings are from 1 to 9. Choi et al. (2017) divide them by 9, and the epsilon of the SVR is as
// large as that asks for.
constexpr double kScale = 9;

/// A column, or 0 and a problem.
std::size_t column(const CsvTable& table, const char* name, Problems& problems) {
  try {
    return table.column(name);
  } catch (const DataError& error) {
    problems.add(error.what());
    return 0;
  }
}

/// A song's row in songs_info.csv.
struct SongInfo {
  std::string artist;
  std::string split;
};

std::unordered_map<std::string, SongInfo> read_songs(const fs::path& path, Problems& problems) {
  const CsvTable table = read_csv(path);
  Problems missing;
  const std::size_t id = column(table, "song_id", missing);
  const std::size_t artist = column(table, "Artist", missing);
  const std::size_t set = column(table, "Mediaeval 2013 set", missing);
  for (const std::string& problem : missing.list()) problems.add(problem);
  std::unordered_map<std::string, SongInfo> songs;
  for (std::size_t r = 0; missing.empty() && r < table.rows.size(); ++r) {
    const std::string_view name = trimmed(table.rows[r][set]);
    if (name != "development" && name != "evaluation") {
      problems.add(fmt::format(
          "{}, column 'Mediaeval 2013 set': found '{}', expected 'development' or 'evaluation'",
          table.where(r), name));
    }
    const std::string song(trimmed(table.rows[r][id]));
    const bool is_new = songs
                            .emplace(song, SongInfo{std::string(trimmed(table.rows[r][artist])),
                                                    name == "evaluation" ? "test" : "train"})
                            .second;
    if (!is_new) problems.add(fmt::format("{}: duplicate song '{}'", table.where(r), song));
  }
  return songs;
}

void read_ratings(const fs::path& path, const std::unordered_map<std::string, SongInfo>& songs,
                  Dataset& dataset, Problems& problems) {
  const CsvTable table = read_csv(path);
  Problems missing;
  const std::size_t id = column(table, "song_id", missing);
  const std::size_t ratings[] = {column(table, "mean_valence", missing),
                                 column(table, "mean_arousal", missing)};
  for (const std::string& problem : missing.list()) problems.add(problem);
  for (std::size_t r = 0; missing.empty() && r < table.rows.size(); ++r) {
    const std::string song(trimmed(table.rows[r][id]));
    const auto info = songs.find(song);
    if (info == songs.end()) {
      if (!songs.empty()) {
        problems.add(
            fmt::format("{}: the song '{}' is not in songs_info.csv", table.where(r), song));
      }
      continue;
    }
    dataset.ids.push_back(song);
    dataset.groups.push_back(info->second.artist);
    dataset.splits.push_back(info->second.split);
    for (std::size_t t = 0; t < dataset.targets.size(); ++t) {
      const std::optional<double> value = parse_number(trimmed(table.rows[r][ratings[t]]));
      if (!value) problems.add(table.number_problem(r, ratings[t]));
      dataset.targets[t].values.push_back(value.value_or(0) / kScale);
    }
  }
}

Dataset load(const Options& options) {
  const auto& path = option<std::string>(options, "path");
  const auto& audio = option<std::string>(options, "audio");
  if (path.empty()) {
    throw ConfigError(fmt::format("{} option 'path' is empty, expected a folder", kOwner));
  }
  Dataset dataset;
  dataset.about =
      "emoMusic: Soleymani et al., \"1000 Songs for Emotional Analysis of Music\", CrowdMM 2013; clips from the Free Music Archive under Creative Commons licences";
  dataset.n_expected = kSongs;
  dataset.targets = {{"valence", {}, {}, "Valence", "mood"},
                     {"arousal", {}, {}, "Arousal", "mood"}};
  const fs::path annotations = fs::path(path) / "annotations";
  Problems problems;
  std::unordered_map<std::string, SongInfo> songs;
  try {
    songs = read_songs(annotations / "songs_info.csv", problems);
  } catch (const DataError& error) {
    problems.add(error.what());
  }
  try {
    read_ratings(annotations / "static_annotations.csv", songs, dataset, problems);
  } catch (const DataError& error) {
    problems.add(error.what());
  }
  if (problems.empty() && dataset.ids.empty()) {
    problems.add(fmt::format("'{}': found no song in its tables", annotations.string()));
  }
  problems.throw_if_any(kOwner);
  if (!audio.empty()) dataset = with_audio(dataset, audio, kOwner);
  dataset.notes.emplace_back("ratings of 1 to 9 are divided by 9, as Choi et al. (2017) do");
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "emomusic";
  kind.description = "emoMusic: valence and arousal of 744 clips of 45 s (Soleymani et al. 2013)";
  kind.bibtex = R"(% known by: Soleymani
@inproceedings{soleymani2013songs,
  title = {1000 Songs for Emotional Analysis of Music},
  author = {Soleymani, Mohammad and Caro, Micheal N. and Schmidt, Erik M. and Sha, Cheng-Ya and Yang, Yi-Hsuan},
  booktitle = {Proceedings of the 2nd ACM International Workshop on Crowdsourcing for Multimedia (CrowdMM)},
  year = {2013}
})";
  kind.fetch_help =
      "Where: https://cvml.unige.ch/databases/emoMusic/, after a form is filled in.\n"
      "Licence: the clips are from the Free Music Archive under Creative Commons licences; the\n"
      "annotations are for research.\n"
      "Layout: the option 'path' names a folder that holds\n"
      "  annotations/songs_info.csv           song_id, Artist, Mediaeval 2013 set (development: the\n"
      "                                       split train; evaluation: the split test), and more\n"
      "  annotations/static_annotations.csv   song_id, mean_arousal, mean_valence, and more\n"
      "The option 'audio' names the folder of the clips, clips_45seconds: <song_id>.mp3 (or .wav,\n"
      ".flac, .ogg). The clips that are there are the items; without 'audio' all are.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder that holds annotations/",
       .required = true,
       .is_path = true},
      {.name = "audio",
       .default_value = std::string(),
       .description = "folder of <song_id>.mp3, .wav, .flac or .ogg: the clips that are there are "
                      "the items; empty: all clips, without audio",
       .is_path = true},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker emomusic = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

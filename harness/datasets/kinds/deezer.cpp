// Kind "deezer": the mood detection data set of Delbouys et al. (2018).
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/options.h"
#include "datasets/artist_names.h"
#include "datasets/audio_folder.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kOwner = "data set of kind 'deezer':";

struct SplitTable {
  const char* split;
  const char* file;
  std::size_t n;  // of the published table
};
constexpr std::array kTables = {SplitTable{"train", "train.csv", 11267},
                                SplitTable{"valid", "validation.csv", 3863},
                                SplitTable{"test", "test.csv", 3514}};
/// All songs of the tables.
struct Songs {
  Dataset dataset;
  std::unordered_map<std::string, std::string> where;  // by id: file and line, for messages
};

void read_split(const fs::path& path, const SplitTable& wanted, Songs& songs, Problems& problems) {
  const CsvTable table = read_csv(path);
  const auto columns = [&](std::initializer_list<const char*> names) {
    std::vector<std::size_t> found;
    for (const char* name : names) {
      try {
        found.push_back(table.column(name));
      } catch (const DataError& error) {
        problems.add(error.what());
      }
    }
    return found;
  };
  const std::vector<std::size_t> texts = columns({"dzr_sng_id", "artist_name"});
  const std::vector<std::size_t> numbers = columns({"valence", "arousal"});
  if (texts.size() != 2 || numbers.size() != 2) return;
  Dataset& dataset = songs.dataset;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string id(trimmed(table.rows[r][texts[0]]));
    if (id.empty()) {
      problems.add(table.where(r) + ", column 'dzr_sng_id': found no id");
      continue;
    }
    const auto [first, is_new] = songs.where.emplace(id, table.where(r));
    if (!is_new) {
      problems.add(
          fmt::format("{}: the song '{}' is in {} already", table.where(r), id, first->second));
      continue;
    }
    dataset.ids.push_back(id);
    dataset.groups.emplace_back(trimmed(table.rows[r][texts[1]]));
    dataset.splits.emplace_back(wanted.split);
    for (std::size_t t = 0; t < numbers.size(); ++t) {
      const std::optional<double> value = parse_number(trimmed(table.rows[r][numbers[t]]));
      if (!value) problems.add(table.number_problem(r, numbers[t]));
      dataset.targets[t].values.push_back(value.value_or(0));
    }
  }
  if (table.rows.size() != wanted.n) {
    dataset.notes.push_back(fmt::format("{}: {} songs, {} in the published table", wanted.file,
                                        table.rows.size(), wanted.n));
  }
}

void note_shared_artists(Dataset& dataset) {
  std::set<std::string_view> learned_from;
  std::set<std::string_view> shared;
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (dataset.splits[i] != "test") learned_from.insert(dataset.groups[i]);
  }
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (dataset.splits[i] == "test" && !dataset.groups[i].empty() &&
        learned_from.contains(dataset.groups[i])) {
      shared.insert(dataset.groups[i]);
    }
  }
  if (shared.empty()) return;
  dataset.notes.push_back(
      fmt::format("{} artist names stand in test and in train or valid", shared.size()));
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& audio = option<std::string>(options, "audio");
  if (path.empty()) {
    throw ConfigError(fmt::format("{} option 'path' is empty, expected a folder", kOwner));
  }
  Songs songs;
  Dataset& dataset = songs.dataset;
  dataset.about =
      "Deezer mood detection data set: Delbouys et al., \"Music Mood Detection Based On Audio And Lyrics With Deep Neural Net\", ISMIR 2018; no licence stated";
  for (const SplitTable& table : kTables) dataset.n_expected += table.n;
  dataset.targets = {{"valence", {}, {}, "Valence", "mood"},
                     {"arousal", {}, {}, "Arousal", "mood"}};
  Problems problems;
  for (const SplitTable& table : kTables) {
    try {
      read_split(path / table.file, table, songs, problems);
    } catch (const DataError& error) {
      problems.add(error.what());
    }
  }
  if (problems.empty() && dataset.ids.empty()) {
    problems.add(fmt::format("'{}': found no song in its tables", path.string()));
  }
  problems.throw_if_any(kOwner);
  if (!audio.empty()) dataset = with_audio(dataset, audio, kOwner);
  merge_artists(dataset);
  note_shared_artists(dataset);
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "deezer";
  kind.description = "Deezer mood: valence and arousal of 18,644 songs (Delbouys et al. 2018)";
  kind.bibtex = R"(% known by: Delbouys
@inproceedings{delbouys2018music,
  title = {Music Mood Detection Based on Audio and Lyrics with Deep Neural Net},
  author = {Delbouys, R{\'e}mi and Hennequin, Romain and Piccoli, Francesco and Royo-Letelier, Jimena and Moussallam, Manuel},
  booktitle = {Proceedings of the 19th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2018}
})";
  kind.fetch_help =
      "Tables: https://github.com/deezer/deezer_mood_detection_dataset: train.csv, validation.csv,\n"
      "test.csv.\n"
      "Audio: not part of it. It names songs by their Deezer id (dzr_sng_id) and their Million Song\n"
      "Dataset ids; whoever has the recordings lays them in one folder.\n"
      "Licence: none was stated.\n"
      "Layout: the option 'path' names the folder of the three tables, the option 'audio' a folder\n"
      "that holds <dzr_sng_id>.wav, .flac, .ogg or .mp3. The songs whose file is there are the items;\n"
      "without 'audio' all songs are, for encoders that look ids up.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of train.csv, validation.csv and test.csv",
       .required = true,
       .is_path = true},
      {.name = "audio",
       .default_value = std::string(),
       .description = "folder of <dzr_sng_id>.wav, .flac, .ogg or .mp3: the songs that are there "
                      "are the items; empty: all songs, without audio",
       .is_path = true},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker deezer = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

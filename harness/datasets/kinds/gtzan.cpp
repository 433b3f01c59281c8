// Kind "gtzan": the genre collection of Tzanetakis and Cook (2002), 10 genres of 100 clips.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/folder_walk.h"
#include "core/options.h"
#include "datasets/kinds.h"
#include "formats/ids.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

constexpr std::array kGenres = {"blues", "classical", "country", "disco",  "hiphop",
                                "jazz",  "metal",     "pop",     "reggae", "rock"};
constexpr std::size_t kClipsPerGenre = 100;
constexpr std::size_t kClips = kGenres.size() * kClipsPerGenre;

struct SplitList {
  const char* split;
  const char* file;
  std::size_t n;  // of the published list
};
constexpr std::array kSplitLists = {SplitList{"train", "train_filtered.txt", 443},
                                    SplitList{"valid", "valid_filtered.txt", 197},
                                    SplitList{"test", "test_filtered.txt", 290}};
constexpr const char* kIndexFile = "GTZANindex.txt";
constexpr const char* kDamagedClip = "jazz.00054";

/// The canonical clips with their metadata.
struct Clips {
  Texts ids;
  Texts genres;
  Texts splits;   // empty where in none
  Texts artists;  // empty where unknown
  Texts works;    // "artist: title", empty where either is unknown
  std::unordered_map<std::string, std::size_t> index;
};

Clips canonical_clips() {
  Clips clips;
  for (const char* genre : kGenres) {
    for (std::size_t i = 0; i < kClipsPerGenre; ++i) {
      clips.ids.push_back(fmt::format("{}.{:05}", genre, i));
      clips.genres.emplace_back(genre);
      clips.index[clips.ids.back()] = clips.ids.size() - 1;
    }
  }
  clips.splits.resize(kClips);
  clips.artists.resize(kClips);
  clips.works.resize(kClips);
  return clips;
}

/// The lines of a file, or nothing and a problem where it cannot be read.
std::optional<Texts> lines_of(const fs::path& path, Problems& problems) {
  try {
    require_file(path, "GTZAN metadata");
    return read_lines(path);
  } catch (const DataError& e) {
    problems.add(e.what());
    return std::nullopt;
  }
}

/// The clip that a line names, or kClips and a problem.
std::size_t find_clip(const Clips& clips, std::string_view name, const std::string& where,
                      Problems& problems) {
  const auto found = clips.index.find(make_id(trimmed(name), IdFrom::kStem));
  if (found != clips.index.end()) return found->second;
  problems.add(fmt::format("{}: found '{}', expected a clip, blues.00000 to rock.00099", where,
                           trimmed(name)));
  return kClips;
}

void read_split(const fs::path& path, const SplitList& list, Clips& clips, Problems& problems) {
  const std::optional<Texts> read = lines_of(path, problems);
  if (!read) return;
  const Texts& lines = *read;
  std::size_t n = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trimmed(lines[i]).empty()) continue;
    ++n;
    const std::string where = fmt::format("'{}', line {}", path.string(), i + 1);
    const std::size_t clip = find_clip(clips, lines[i], where, problems);
    if (clip == kClips) continue;
    std::string& split = clips.splits[clip];
    if (!split.empty()) {
      problems.add(
          fmt::format("{}: '{}' is in the split {} already", where, clips.ids[clip], split));
      continue;
    }
    split = list.split;
  }
  if (n != list.n) {
    problems.add(fmt::format("'{}': found {} clips, expected {}", path.string(), n, list.n));
  }
}

/// Lines of the form `blues.00000.wav ::: artist ::: title`; ## begins a comment.
void read_index(const fs::path& path, Clips& clips, Problems& problems) {
  constexpr std::string_view kMark = ":::";
  const std::optional<Texts> read = lines_of(path, problems);
  if (!read) return;
  const Texts& lines = *read;
  std::vector<bool> seen(kClips, false);
  std::size_t n = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trimmed(lines[i]);
    if (line.empty() || line.starts_with("##")) continue;
    const std::string where = fmt::format("'{}', line {}", path.string(), i + 1);
    const std::size_t first = line.find(kMark);
    const std::size_t second =
        first == std::string_view::npos ? first : line.find(kMark, first + kMark.size());
    if (second == std::string_view::npos) {
      problems.add(
          fmt::format("{}: found '{}', expected 'clip ::: artist ::: title'", where, line));
      continue;
    }
    const std::size_t clip = find_clip(clips, line.substr(0, first), where, problems);
    if (clip == kClips) continue;
    if (seen[clip]) {
      problems.add(fmt::format("{}: '{}' has a line already", where, clips.ids[clip]));
      continue;
    }
    seen[clip] = true;
    ++n;
    const std::size_t artist = first + kMark.size();
    clips.artists[clip] = trimmed(line.substr(artist, second - artist));
    const std::string_view title = trimmed(line.substr(second + kMark.size()));
    if (!clips.artists[clip].empty() && !title.empty()) {
      clips.works[clip] = fmt::format("{}: {}", clips.artists[clip], title);
    }
  }
  if (n != kClips) {
    problems.add(fmt::format("'{}': found {} clips, expected {}", path.string(), n, kClips));
  }
}

void check_splits_option(const Texts& splits, bool has_metadata) {
  if (!splits.empty() && !has_metadata) {
    throw ConfigError(
        "data set of kind 'gtzan': 'splits' is given, but no folder 'metadata' that holds the "
        "lists "
        "of the splits");
  }
}

/// The audio below a folder, by clip, in whatever format and case copies of the set come.
struct ClipFiles {
  std::unordered_map<std::string, fs::path> files;  // by id
  Texts notes;
};

/// .au before .wav before .flac, as ever; then the others.
std::size_t clip_rank(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".au" ? 0 : 1 + audio_rank(file).value_or(0);
}

ClipFiles find_clip_files(const fs::path& root, const Clips& clips) {
  ClipFiles out;
  Problems problems;
  Texts unexpected;
  if (const std::string problem = unreadable_folder(root); !problem.empty()) problems.add(problem);
  for (const char* name : {"genres", "genres_original"}) {
    const fs::path folder = find_folder(root, name);
    if (folder.empty()) continue;
    const FolderWalk walk = walk_folder(folder);
    for (const std::string& text : walk.unreadable) problems.add(text);
    out.notes.insert(out.notes.end(), walk.broken_links.begin(), walk.broken_links.end());
    std::unordered_map<std::string, fs::path> found;
    for (const fs::path& file : walk.files) {
      const std::string id = lower_case(file.stem().string());
      const auto clip = clips.index.find(id);
      if (clip == clips.index.end() || !audio_rank(file) ||
          lower_case(file.parent_path().filename().string()) != clips.genres[clip->second]) {
        unexpected.push_back(fmt::format("'{}'", file.lexically_relative(root).string()));
        continue;
      }
      fs::path& kept = found[id];
      if (kept.empty() || clip_rank(file) < clip_rank(kept)) kept = file;
    }
    out.files.merge(found);
  }
  problems.throw_if_any("data set of kind 'gtzan':");
  if (!unexpected.empty()) {
    constexpr std::size_t kMost = 5;
    const std::size_t n = unexpected.size();
    unexpected.resize(std::min(n, kMost));
    out.notes.push_back(fmt::format(
        "left out: {} files that are not named as clips are, <genre>/<genre>.00000 and an ending "
        "of audio: {}{}",
        n, fmt::join(unexpected, ", "), n > kMost ? ", ..." : ""));
  }
  return out;
}

void check_genres(const Texts& genres) {
  Texts known = canonical_clips().genres;
  known.erase(std::unique(known.begin(), known.end()), known.end());
  Problems problems;
  for (const std::string& genre : genres) {
    if (std::find(known.begin(), known.end(), genre) == known.end()) {
      problems.add(unknown_name("genre", genre, known));
    }
  }
  problems.throw_if_any<ConfigError>("data set of kind 'gtzan':");
}

Dataset load_gtzan(const Options& options) {
  const auto& audio = option<std::string>(options, "audio");
  const Texts& wanted_genres = option<Texts>(options, "genres");
  check_genres(wanted_genres);
  const auto& metadata = option<std::string>(options, "metadata");
  const Texts& wanted = option<Texts>(options, "splits");
  const bool has_metadata = !metadata.empty();
  check_splits_option(wanted, has_metadata);

  Clips clips = canonical_clips();
  if (has_metadata) {
    Problems problems;
    for (const SplitList& list : kSplitLists) {
      read_split(fs::path(metadata) / list.file, list, clips, problems);
    }
    read_index(fs::path(metadata) / kIndexFile, clips, problems);
    problems.throw_if_any("data set of kind 'gtzan':");
  }

  ClipFiles files;
  if (!audio.empty()) files = find_clip_files(audio, clips);
  Dataset dataset;
  dataset.about =
      "GTZAN: Tzanetakis and Cook, \"Musical Genre Classification of Audio Signals\", IEEE TSAP "
      "10(5), 2002; no licence stated, for research use";
  dataset.n_expected = kClips;
  Texts genres;
  std::size_t n_artists = 0;
  for (std::size_t i = 0; i < kClips; ++i) {
    const bool keep =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), clips.splits[i]) != wanted.end();
    if (!keep) continue;
    if (!wanted_genres.empty() && std::find(wanted_genres.begin(), wanted_genres.end(),
                                            clips.genres[i]) == wanted_genres.end()) {
      continue;
    }
    if (!audio.empty()) {
      const auto file = files.files.find(clips.ids[i]);
      if (file == files.files.end()) continue;
      dataset.audio.push_back(file->second);
    }
    dataset.ids.push_back(clips.ids[i]);
    genres.push_back(clips.genres[i]);
    if (clips.ids[i] == kDamagedClip) {
      dataset.notes.push_back(fmt::format("{} is corrupt in the common copy", kDamagedClip));
    }
    if (!has_metadata) continue;
    dataset.groups.push_back(clips.artists[i]);
    dataset.splits.push_back(clips.splits[i]);
    dataset.works.push_back(clips.works[i]);
    if (!clips.artists[i].empty()) ++n_artists;
  }
  if (dataset.ids.empty()) {
    throw DataError(
        fmt::format("data set of kind 'gtzan': no clip is left; expected files like "
                    "'{}/genres/blues/blues.00000.wav' (or genres_original; .au, .flac, .mp3, ...)",
                    audio));
  }
  dataset.targets.push_back(make_class_target("genre", genres));
  dataset.targets.back().title = "Genre";
  dataset.targets.back().facet = "genre";
  if (has_metadata) {
    dataset.notes.push_back(
        fmt::format("{} of {} items have an artist", n_artists, dataset.ids.size()));
  } else {
    dataset.notes.emplace_back("no metadata: neither splits nor artists are known");
  }
  dataset.notes.insert(dataset.notes.end(), files.notes.begin(), files.notes.end());
  if (!wanted.empty()) {
    dataset.notes.push_back(fmt::format("fault-filtered splits {} alone", fmt::join(wanted, ", ")));
  }
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "gtzan";
  kind.description = "GTZAN: 1000 clips of 30 s in 10 genres (Tzanetakis and Cook 2002)";
  kind.bibtex = R"(% known by: Tzanetakis
@article{tzanetakis2002musical,
  title = {Musical Genre Classification of Audio Signals},
  author = {Tzanetakis, George and Cook, Perry},
  journal = {IEEE Transactions on Speech and Audio Processing},
  volume = {10},
  number = {5},
  pages = {293--302},
  year = {2002}
}
% known by: analysis of the GTZAN music genre dataset
@inproceedings{sturm2012analysis,
  title = {An Analysis of the {GTZAN} Music Genre Dataset},
  author = {Sturm, Bob L.},
  booktitle = {Proceedings of the Second International ACM Workshop on Music Information Retrieval with User-Centered and Multimodal Strategies (MIRUM)},
  year = {2012}
}
% known by: Kereliuk
@article{kereliuk2015deep,
  title = {Deep Learning and Music Adversaries},
  author = {Kereliuk, Corey and Sturm, Bob L. and Larsen, Jan},
  journal = {IEEE Transactions on Multimedia},
  volume = {17},
  number = {11},
  year = {2015}
})";
  kind.fetch_help =
      "Audio: the original host (marsyas.info) is gone; copies are on Kaggle and Hugging Face "
      "under\n"
      "the name GTZAN.\n"
      "Licence: none was stated; the clips are of commercial recordings, use them for research "
      "alone.\n"
      "Splits: the fault-filtered lists (443 train, 197 valid, 290 test) of Kereliuk, Sturm and\n"
      "Larsen (2015), from https://github.com/jongpillee/music_dataset_split, folder\n"
      "GTZAN_split: train_filtered.txt, valid_filtered.txt, test_filtered.txt.\n"
      "Artists: GTZANindex.txt by Bob L. Sturm, \"An Analysis of the GTZAN Music Genre Dataset\",\n"
      "Proc. ACM MIRUM 2012.\n"
      "Layout: the option 'audio' names a folder that holds genres/<genre>/<genre>.00000.wav (or "
      ".au,\n"
      ".flac; or genres_original/). The option 'metadata' names a folder that holds\n"
      "  train_filtered.txt, valid_filtered.txt, test_filtered.txt   lines: "
      "blues/blues.00012.wav\n"
      "  GTZANindex.txt                 lines: blues.00000.wav ::: artist ::: title; ## comments\n"
      "Without it the data set has neither splits nor artists.";
  kind.options = {
      {.name = "metadata",
       .default_value = std::string(),
       .description = "folder of train_filtered.txt, valid_filtered.txt, test_filtered.txt and "
                      "GTZANindex.txt; empty: no splits, no artists",
       .is_path = true},
      {.name = "audio",
       .default_value = std::string(),
       .description =
           "folder that holds genres/ or genres_original/ with <genre>/<clip>.au, .wav, .flac, "
           "...: the clips that are there are the items; empty: all clips, without audio",
       .is_path = true},
      {"genres", Texts{}, "keep only the clips of these genres; empty: all"},
      {.name = "splits",
       .default_value = Texts{},
       .description = "keep only the items of these splits (train, valid, test); empty: all",
       .one_of = {"train", "valid", "test"}},
  };
  kind.load = load_gtzan;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker gtzan = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

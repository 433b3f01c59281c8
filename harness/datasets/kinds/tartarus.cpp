// Kind "tartarus": songs with texts, in the layout of the Tartarus library of MuMu's authors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/files.h"
#include "core/options.h"
#include "datasets/kinds.h"
#include "formats/lines.h"
#include "formats/npy.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kOwner = "data set of kind 'tartarus':";

struct SplitName {
  const char* split;
  const char* theirs;
};
constexpr std::array kSplits = {SplitName{"train", "train"}, SplitName{"valid", "val"},
                                SplitName{"test", "test"}};

/// One row of an index: an item and what belongs to it.
struct Entry {
  std::string id;
  std::string value;
  std::string where;
};

/// The lines of a file that are not empty, with where they stand; none and a problem where it
/// cannot be read.
std::vector<Entry> lines_of(const fs::path& path, Problems& problems) {
  std::vector<Entry> out;
  try {
    const Texts lines = read_lines(path);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (trimmed(lines[i]).empty()) continue;
      out.push_back(
          {std::string(trimmed(lines[i])), "", fmt::format("'{}', line {}", path.string(), i + 1)});
    }
    if (out.empty()) problems.add(fmt::format("'{}': found no line", path.string()));
  } catch (const DataError& error) {
    problems.add(error.what());
  }
  return out;
}

/// Rows of an id, a tab and a value.
std::vector<Entry> read_index(const fs::path& path, Problems& problems) {
  std::vector<Entry> out;
  for (Entry& line : lines_of(path, problems)) {
    const std::size_t tab = line.id.find('\t');
    if (tab == std::string::npos) {
      problems.add(
          fmt::format("{}: found '{}', expected an id, a tab and a value", line.where, line.id));
      continue;
    }
    out.push_back({std::string(trimmed(line.id.substr(0, tab))),
                   std::string(trimmed(line.id.substr(tab + 1))), line.where});
  }
  return out;
}

/// What the files say of each item, in the order of the index of labels.
struct Songs {
  Dataset dataset;
  std::unordered_map<std::string, std::size_t> index;
  std::vector<std::vector<bool>> labels;  // [n][classes]

  /// The song of an entry, or nothing and a problem.
  [[nodiscard]] std::optional<std::size_t> find(const Entry& entry, Problems& problems) const {
    const auto found = index.find(entry.id);
    if (found != index.end()) return found->second;
    problems.add(
        fmt::format("{}: the item '{}' is not in the index of labels", entry.where, entry.id));
    return std::nullopt;
  }
};

/// "[0,0,1]" as [classes]; empty where it is something else.
std::vector<bool> parse_flags(std::string_view text) {
  std::vector<bool> flags;
  if (!text.starts_with('[') || !text.ends_with(']')) return {};
  text = text.substr(1, text.size() - 2);
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view flag = trimmed(text.substr(0, comma));
    if (flag != "0" && flag != "1") return {};
    flags.push_back(flag == "1");
    if (comma == std::string_view::npos) return flags;
    text.remove_prefix(comma + 1);
  }
}

void read_labels(const fs::path& path, std::size_t n_classes, Songs& songs, Problems& problems) {
  for (const Entry& entry : read_index(path, problems)) {
    if (!songs.index.emplace(entry.id, songs.labels.size()).second) {
      problems.add(fmt::format("{}: duplicate item '{}'", entry.where, entry.id));
      continue;
    }
    std::vector<bool> flags = parse_flags(entry.value);
    if (n_classes != 0 && flags.size() != n_classes) {
      problems.add(fmt::format("{}: found '{}', expected {} flags like [0,1,0]", entry.where,
                               entry.value, n_classes));
    }
    flags.resize(n_classes);
    songs.dataset.ids.push_back(entry.id);
    songs.labels.push_back(std::move(flags));
  }
}

void read_splits(const fs::path& folder, const std::string& name, Songs& songs,
                 Problems& problems) {
  songs.dataset.splits.resize(songs.labels.size());
  for (const SplitName& split : kSplits) {
    const fs::path list = folder / fmt::format("items_index_{}_{}.tsv", split.theirs, name);
    std::vector<std::vector<bool>> expected;
    for (const Entry& entry : lines_of(list, problems)) {
      const std::optional<std::size_t> song = songs.find(entry, problems);
      if (!song) continue;
      std::string& known = songs.dataset.splits[*song];
      if (!known.empty()) {
        problems.add(fmt::format("{}: the item '{}' is in the split {} already", entry.where,
                                 entry.id, known));
        continue;
      }
      known = split.split;
      expected.push_back(songs.labels[*song]);
    }
    // The library itself learns from these arrays: they must agree with the index.
    if (expected.empty()) continue;
    const fs::path array =
        folder / fmt::format("y_{}_class_{}_{}.npy", split.theirs, expected.front().size(), name);
    std::error_code none;
    if (!fs::exists(array, none)) continue;
    try {
      const Matrix y = read_npy(array).to_matrix();
      bool same = y.rows() == expected.size() && y.cols() == expected.front().size();
      for (std::size_t i = 0; same && i < y.rows() * y.cols(); ++i) {
        const std::size_t row = i / y.cols();
        const std::size_t col = i % y.cols();
        same = (y.at(row, col) != 0) == expected[row][col];
      }
      if (!same) {
        problems.add(fmt::format("'{}': its labels are not those of the index", array.string()));
      }
    } catch (const DataError& error) {
      problems.add(error.what());
    }
  }
}

/// A text file with any line ends (one of the real copy has carriage returns alone).
std::string read_text(const fs::path& path) {
  const std::string bytes = read_file(path);
  require_text(bytes, path.string());
  std::string text(without_bom(bytes));
  std::size_t at = 0;
  while ((at = text.find('\r', at)) != std::string::npos) {
    if (at + 1 < text.size() && text[at + 1] == '\n') {
      text.erase(at, 1);
    } else {
      text[at] = '\n';
    }
  }
  return std::string(trimmed(text));
}

void read_files(const fs::path& path, const std::string& name, Songs& songs, Problems& problems) {
  Dataset& dataset = songs.dataset;
  dataset.audio.resize(songs.labels.size());
  dataset.texts.resize(songs.labels.size());
  for (const char* what : {"audio", "text"}) {
    const fs::path index = path / "index" / fmt::format("index_{}_{}.tsv", what, name);
    std::vector<bool> seen(songs.labels.size());
    for (const Entry& entry : read_index(index, problems)) {
      const std::optional<std::size_t> song = songs.find(entry, problems);
      if (!song) continue;
      seen[*song] = true;
      const fs::path file = path / what / entry.value;
      try {
        require_file(file, fmt::format("{} of item '{}'", what, entry.id));
        if (what == std::string_view("text")) {
          dataset.texts[*song] = read_text(file);
        } else {
          dataset.audio[*song] = file;
        }
      } catch (const DataError& error) {
        problems.add(error.what());
      }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i]) continue;
      problems.add(
          fmt::format("'{}': found no line of the item '{}'", index.string(), dataset.ids[i]));
    }
  }
}

void add_targets(const Texts& classes, Songs& songs) {
  bool is_single = true;
  for (const std::vector<bool>& flags : songs.labels) {
    is_single = is_single && std::count(flags.begin(), flags.end(), true) == 1;
  }
  if (is_single) {
    Texts names;
    for (const std::vector<bool>& flags : songs.labels) {
      const auto at = std::find(flags.begin(), flags.end(), true) - flags.begin();
      names.push_back(classes[static_cast<std::size_t>(at)]);
    }
    songs.dataset.targets.push_back(make_class_target("genre", names));
    songs.dataset.targets.back().title = "Genre";
  } else {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      std::vector<bool> present;
      for (const std::vector<bool>& flags : songs.labels) present.push_back(flags[c]);
      songs.dataset.targets.push_back(make_presence_target(classes[c], present));
      songs.dataset.targets.back().title = classes[c];
    }
  }
  for (Target& target : songs.dataset.targets) target.facet = "genre";
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& name = option<std::string>(options, "name");
  if (path.empty()) {
    throw ConfigError(fmt::format("{} option 'path' is empty, expected a folder", kOwner));
  }
  Problems problems;
  Texts classes;
  const fs::path splits = path / "splits";
  for (const Entry& line : lines_of(splits / fmt::format("genre_labels_{}.tsv", name), problems)) {
    classes.push_back(line.id);
  }
  Songs songs;
  read_labels(path / "index" / fmt::format("y_{}.tsv", name), classes.size(), songs, problems);
  read_splits(splits, name, songs, problems);
  read_files(path, name, songs, problems);
  problems.throw_if_any(kOwner);
  add_targets(classes, songs);
  songs.dataset.about =
      "songs and texts in the layout of Tartarus: Oramas et al., \"Multimodal Deep Learning for Music Genre Classification\", TISMIR 1(1), 2018";
  return std::move(songs.dataset);
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "tartarus";
  kind.description = "songs with texts in the layout of MuMu's authors (Oramas et al. 2018)";
  kind.bibtex = R"(% known by: Multimodal Deep Learning for Music Genre
@article{oramas2018multimodal,
  title = {Multimodal Deep Learning for Music Genre Classification},
  author = {Oramas, Sergio and Barbieri, Francesco and Nieto, Oriol and Serra, Xavier},
  journal = {Transactions of the International Society for Music Information Retrieval},
  volume = {1},
  number = {1},
  year = {2018}
})";
  kind.fetch_help =
      "Where: https://github.com/sergiooramas/tartarus, folder dummy-data: nine songs with their\n"
      "lyrics (\"SUPER\"). MuMu's own splits are at https://doi.org/10.5281/zenodo.831189.\n"
      "Licence: the repository is under the MIT licence.\n"
      "Layout: the option 'path' names a folder that holds, for a set called SUPER,\n"
      "  index/y_SUPER.tsv                        id, tab, labels: S1 [0,0,1]\n"
      "  index/index_audio_SUPER.tsv              id, tab, file in audio/\n"
      "  index/index_text_SUPER.tsv               id, tab, file in text/\n"
      "  splits/genre_labels_SUPER.tsv            a genre a line, in the order of the labels\n"
      "  splits/items_index_{train,val,test}_SUPER.tsv   an id a line\n"
      "  splits/y_{train,val,test}_class_3_SUPER.npy     optional: the same labels, checked\n"
      "  audio/*.mp3, text/*.txt\n"
      "Where each item has one label the target is 'genre', else each label is a target, absent or\n"
      "present.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of index/, splits/, audio/ and text/",
       .required = true,
       .is_path = true},
      {"name", std::string("SUPER"), "the set's name, as its files have it"},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker tartarus = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

#include "cli/new_experiment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/folder_walk.h"
#include "formats/csv.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;
constexpr std::array kAudioEndings = {".wav", ".flac", ".ogg", ".mp3"};
constexpr std::size_t kMostClasses = 100;
constexpr std::size_t kMostNumberedClasses = 10;  // more different whole numbers are a target

bool is_audio_name(std::string_view text) {
  return std::ranges::any_of(kAudioEndings,
                             [&](const char* end) { return lower_case(text).ends_with(end); });
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string toml_list(const Texts& texts) {
  Texts out;
  for (const std::string& text : texts) out.push_back(toml_text(text));
  return fmt::format("[{}]", fmt::join(out, ", "));
}

// A name of a table of TOML without quotes.
std::string table_name(const std::string& text) {
  std::string out;
  for (const char c : lower_case(text)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
  }
  return out.empty() ? "target" : out;
}

/// What the values of one column are like.
struct Column {
  std::string name;
  std::map<std::string, std::size_t> counts;
  bool all_numbers = true;
  bool all_whole = true;
  bool all_audio = true;
  std::size_t n_empty = 0;
};

std::vector<Column> columns_of(const CsvTable& csv) {
  std::vector<Column> out;
  for (std::size_t c = 0; c < csv.columns.size(); ++c) {
    Column column;
    column.name = csv.columns[c];
    for (const auto& row : csv.rows) {
      const std::string text(trimmed(row[c]));
      const auto number = parse_number(text);
      if (text.empty()) ++column.n_empty;
      column.all_numbers = column.all_numbers && number.has_value();
      column.all_whole =
          column.all_whole && number && text.find_first_not_of("-0123456789") == std::string::npos;
      column.all_audio = column.all_audio && is_audio_name(text);
      ++column.counts[text];
    }
    out.push_back(std::move(column));
  }
  return out;
}

/// The part that each column has in the experiment.
struct Roles {
  std::string id;
  std::string file;
  std::string group;
  std::string split;
  Texts labels;
  Texts numbers;
  Texts unused;
};

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, lower_case(name)) != names.end();
}

bool is_split(const Column& column) {
  return std::ranges::all_of(column.counts,
                             [](const auto& entry) {
                               return is_one_of(entry.first, {"train", "valid", "test", ""}) &&
                                      entry.first == lower_case(entry.first);
                             }) &&
         column.counts.size() > 1;
}

bool is_label(const Column& column, std::size_t n_rows) {
  if (column.n_empty > 0 || column.counts.size() < 2 || column.counts.size() > kMostClasses ||
      column.counts.size() > n_rows / 2) {
    return false;
  }
  return std::ranges::all_of(column.counts, [](const auto& entry) { return entry.second >= 2; });
}

const Column* id_column(const std::vector<Column>& columns, std::size_t n_rows) {
  const auto is_unique = [&](const Column& column) {
    return column.counts.size() == n_rows && column.n_empty == 0 && !column.name.empty();
  };
  const auto named = std::ranges::find_if(columns, [&](const Column& column) {
    return is_unique(column) && is_one_of(column.name, {"id", "item", "track_id", "clip_id"});
  });
  if (named != columns.end()) return &*named;
  // Of numbers that merely happen to be different a text is the likelier name.
  const auto text = std::ranges::find_if(
      columns, [&](const Column& c) { return is_unique(c) && !c.all_numbers; });
  if (text != columns.end()) return &*text;
  const auto any =
      std::ranges::find_if(columns, [&](const Column& c) { return is_unique(c) && c.all_whole; });
  return any == columns.end() ? nullptr : &*any;
}

Roles roles_of(const CsvTable& csv) {
  const std::size_t n_rows = csv.rows.size();
  const std::vector<Column> columns = columns_of(csv);
  const Column* const id = id_column(columns, n_rows);
  if (id == nullptr) {
    throw DataError(
        fmt::format("'{}': found no column whose {} values all differ, expected one with the id of "
                    "each item",
                    csv.path.string(), n_rows));
  }
  Roles out;
  out.id = id->name;
  if (id->all_audio) out.file = id->name;
  for (const Column& column : columns) {
    if (&column == id || column.name.empty()) continue;
    if (column.all_audio && out.file.empty()) {
      out.file = column.name;
    } else if (is_split(column) && out.split.empty()) {
      out.split = column.name;
    } else if (is_one_of(column.name, {"artist", "artist_id", "group", "performer", "speaker",
                                       "composer", "band"}) &&
               out.group.empty()) {
      out.group = column.name;
    } else if (column.all_numbers &&
               !(column.all_whole && column.counts.size() <= kMostNumberedClasses)) {
      out.numbers.push_back(column.name);
    } else if (is_label(column, n_rows)) {
      out.labels.push_back(column.name);
    } else {
      out.unused.push_back(column.name);
    }
  }
  if (out.labels.empty() && out.numbers.empty()) {
    throw DataError(fmt::format(
        "'{}': found no column to predict, expected one of numbers, or of {} classes at most with 2 "
        "items or more each",
        csv.path.string(), kMostClasses));
  }
  return out;
}

std::string path_from(const fs::path& path, const fs::path& folder) {
  const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
      fs::absolute(folder).lexically_normal());
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return toml_text(is_below ? relative.string() : fs::absolute(path).lexically_normal().string());
}

bool are_stems_unique(const CsvTable& csv, const std::string& column) {
  std::set<std::string> stems;
  for (const auto& row : csv.rows) {
    stems.insert(fs::path(std::string(trimmed(row[csv.column(column)]))).stem().string());
  }
  return stems.size() == csv.rows.size();
}

class Writer {
 public:
  Writer(const ExperimentSources& sources, const CsvTable& csv)
      : sources_(sources), csv_(csv), roles_(roles_of(csv)) {
    if (sources.audio.empty() && sources.features.empty() && roles_.file.empty()) {
      throw DataError(fmt::format(
          "'{}': found no column of audio files, expected --audio with their folder or --features "
          "with a file of vectors",
          csv.path.string()));
    }
  }

  std::string text() {
    line("# Written by `musicrep new experiment`. Check it with `musicrep validate experiment`.");
    key("name", toml_text(sources_.name), "the folder of results: results/runs/" + sources_.name);
    key("seed", "1", "everything random follows from it");
    dataset();
    const Texts tasks = add_tasks();
    const Texts encoders = add_encoders();
    line("\n[[evaluate]]                        # every combination is a row");
    key("tasks", toml_list(tasks));
    key("encoders", toml_list(encoders));
    key("protocols", "[\"nested\"]",
        roles_.split.empty() ? "`musicrep ls protocols` lists more"
                             : "or \"own-split\", for the split of the table");
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += text + "\n"; }

  void key(const std::string& name, const std::string& value, const std::string& comment = "") {
    const std::string text = name + " = " + value;
    line(comment.empty() ? text : fmt::format("{:<35} # {}", text, comment));
  }

  void dataset() {
    line("\n[dataset.items]");
    key("kind", "\"table\"", "`musicrep describe table` lists all options");
    key("csv", path_from(sources_.csv, sources_.folder), fmt::format("{} items", csv_.rows.size()));
    if (roles_.id != "id") key("id", toml_text(roles_.id), "every value differs");
    if (roles_.id == roles_.file && are_stems_unique(csv_, roles_.id)) {
      key("id_from", "\"stem\"", "ids are file names without folder and extension");
    }
    if (!roles_.file.empty() && sources_.features.empty()) {
      key("file", toml_text(roles_.file), "audio files");
    }
    if (!sources_.audio.empty()) key("audio", path_from(sources_.audio, sources_.folder));
    if (!roles_.labels.empty()) key("labels", toml_list(roles_.labels), "classes");
    if (!roles_.numbers.empty()) key("targets", toml_list(roles_.numbers), "numbers");
    if (roles_.group.empty()) {
      line("# group = \"artist\"                # a column: its items stay in one fold");
    } else {
      key("group", toml_text(roles_.group), "its items stay in one fold");
    }
    if (!roles_.split.empty()) key("split", toml_text(roles_.split), "train, valid or test");
    if (!roles_.unused.empty()) {
      line(fmt::format("# not used: {}", fmt::join(roles_.unused, ", ")));
    }
  }

  Texts add_tasks() {
    Texts tasks;
    const auto task = [&](const std::string& name, const Texts& targets, const char* comment) {
      std::string unique = name;
      while (std::ranges::find(tasks, unique) != tasks.end()) unique += "_";
      tasks.push_back(unique);
      line(fmt::format("\n[task.{}]", unique));
      key("dataset", "\"items\"");
      key("targets", toml_list(targets), comment);
    };
    for (const std::string& label : roles_.labels) {
      task(table_name(label), {label}, "scored by accuracy");
    }
    if (!roles_.numbers.empty()) {
      task(roles_.numbers.size() == 1 ? table_name(roles_.numbers.front()) : "numbers",
           roles_.numbers, "scored by r2, their mean");
    }
    return tasks;
  }

  Texts add_encoders() {
    Texts encoders;
    if (!sources_.audio.empty() || !roles_.file.empty()) {
      encoders.emplace_back("mfcc");
      line("\n[encoder.mfcc]                      # a baseline; `musicrep ls encoders` lists more");
      key("kind", "\"mfcc\"");
    }
    if (!sources_.features.empty()) {
      encoders.emplace_back("features");
      line("\n[encoder.features]");
      key("kind", "\"features\"", "`musicrep describe features` lists all options");
      key("files", "[" + path_from(sources_.features, sources_.folder) + "]");
    }
    return encoders;
  }

  const ExperimentSources& sources_;
  const CsvTable& csv_;
  Roles roles_;
  std::string out_;
};

}  // namespace

std::string experiment_text(const ExperimentSources& sources) {
  const CsvTable csv = read_csv(sources.csv);
  if (csv.rows.empty()) {
    throw DataError(fmt::format("'{}': found no items", sources.csv.string()));
  }
  return Writer(sources, csv).text();
}

}  // namespace musicrep::cli

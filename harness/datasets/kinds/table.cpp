// Kind "table": any CSV with a column of ids and columns of labels or numbers, and optional audio.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "datasets/audio_folder.h"
#include "datasets/kinds.h"
#include "datasets/table_options.h"
#include "formats/csv.h"
#include "formats/ids.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kPartialHint = " items without their audio (partial = true leaves them out):";

/// "validation" and "val" are what many tables call the split that is "valid" here.
std::string canonical_split(std::string_view text) {
  const std::string_view split = trimmed(text);
  return split == "validation" || split == "val" ? "valid" : std::string(split);
}

/// The split of each row; nothing without a column of splits.
Texts read_splits(const CsvTable& table, const TableColumns& columns, Problems& problems) {
  if (!columns.split) return {};
  Texts splits(table.rows.size());
  for (std::size_t r = 0; r < splits.size(); ++r) {
    splits[r] = canonical_split(table.rows[r][*columns.split]);
    const bool known = splits[r].empty() || std::find(split_names().begin(), split_names().end(),
                                                      splits[r]) != split_names().end();
    if (!known) {
      problems.add(fmt::format("{}, column '{}': {}", table.where(r), table.columns[*columns.split],
                               unknown_name("split", splits[r], split_names())));
    }
  }
  return splits;
}

Texts read_ids(const CsvTable& table, std::size_t column, IdFrom rule,
               const std::vector<std::size_t>& rows, Problems& problems) {
  Texts ids;
  std::unordered_map<std::string_view, std::size_t> first_row;
  ids.reserve(rows.size());  // what is looked up stays where it is
  first_row.reserve(rows.size());
  for (const std::size_t r : rows) {
    if (std::string problem = table.text_problem(r, column); !problem.empty()) {
      problems.add(std::move(problem));
    }
    ids.push_back(make_id(trimmed(table.rows[r][column]), rule));
    const std::string& id = ids.back();
    if (id.empty()) {
      problems.add(fmt::format("{}, column '{}': found '{}', expected an id", table.where(r),
                               table.columns[column], table.rows[r][column]));
      continue;
    }
    const auto [seen, is_new] = first_row.emplace(id, r);
    if (!is_new) {
      problems.add(fmt::format("{}: the id '{}' is in line {} already", table.where(r), id,
                               table.lines[seen->second]));
    }
  }
  return ids;
}

/// The class of a field: the text, or the name that its index refers to. Nothing, and a
/// problem, where there is none.
std::string read_class(const CsvTable& table, std::size_t row, std::size_t column,
                       const Texts& class_names, Problems& problems) {
  const std::string_view text = trimmed(table.rows[row][column]);
  const auto where = [&] {
    return fmt::format("{}, column '{}'", table.where(row), table.columns[column]);
  };
  if (text.empty()) {
    problems.add(fmt::format("{}: found no label", where()));
    return {};
  }
  if (std::string problem = table.text_problem(row, column); !problem.empty()) {
    problems.add(std::move(problem));
    return {};
  }
  if (class_names.empty()) return std::string(text);
  std::size_t index = 0;
  const char* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, index);
  if (error != std::errc() || stopped_at != end || index >= class_names.size()) {
    problems.add(fmt::format("{}: found '{}', expected an index into 'class_names', 0 to {}",
                             where(), text, class_names.size() - 1));
    return {};
  }
  return class_names[index];
}

/// Every label of a column becomes a target, in alphabetical order.
void add_tags(const CsvTable& table, std::size_t column, const std::vector<std::size_t>& rows,
              const std::string& separator, Dataset& dataset, Problems& problems) {
  std::map<std::string, std::vector<bool>> present;
  std::size_t n_repeated = 0;
  std::string first_repeated;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string_view rest = table.rows[rows[i]][column];
    while (!rest.empty()) {
      const std::size_t end = rest.find(separator);
      const std::string_view tag = trimmed(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
      if (tag.empty()) continue;
      std::vector<bool>& of_tag = present[std::string(tag)];
      of_tag.resize(rows.size());
      if (of_tag[i] && ++n_repeated == 1) {
        first_repeated = fmt::format("'{}' in {}", tag, table.where(rows[i]));
      }
      of_tag[i] = true;
    }
  }
  if (n_repeated > 0) {
    dataset.notes.push_back(
        fmt::format("column '{}': {} labels are listed twice for one item ({} is the first); each "
                    "counts once",
                    table.columns[column], n_repeated, first_repeated));
  }
  if (present.empty()) {
    problems.add(fmt::format("'{}', column '{}': found no label in any row", table.path.string(),
                             table.columns[column]));
  }
  for (const auto& [tag, of_tag] : present) {
    for (const Target& target : dataset.targets) {
      if (target.name != tag) continue;
      problems.add(fmt::format("'{}', column '{}': the label '{}' is called as another target is",
                               table.path.string(), table.columns[column], tag));
    }
    dataset.targets.push_back(make_presence_target(tag, of_tag));
  }
}

/// The SHA-256 of each row's file. Rows that have none are reported all at once.
Texts read_file_sha256(const CsvTable& table, std::size_t column,
                       const std::vector<std::size_t>& rows) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  Problems problems;
  Texts out;
  out.reserve(rows.size());
  for (const std::size_t r : rows) {
    const std::string_view field = table.rows[r][column];
    if (field.size() != 64 || !std::ranges::all_of(field, is_digit)) {
      problems.add(fmt::format("{}, column '{}': found '{}', expected a SHA-256 of 64 hex digits",
                               table.where(r), table.columns[column], field));
    }
    out.emplace_back(field);
  }
  problems.throw_if_any(fmt::format("{}:", kTableOwner));
  return out;
}

/// The items with the files that a column names and another knows by their hashes.
Dataset with_known_files(Dataset dataset, CsvTable& table, const TableColumns& columns,
                         const std::vector<std::size_t>& rows, const fs::path& folder) {
  const fs::path base = folder.empty() ? table.path.parent_path() : folder;
  dataset.file_sha256 = read_file_sha256(table, *columns.file_sha256, rows);
  dataset.audio.reserve(rows.size());
  for (const std::size_t r : rows) {
    dataset.audio.push_back(base / trimmed(table.rows[r][*columns.file]));
    table.rows[r] = {};  // of a long table, memory
  }
  return dataset;
}

void note_missing(Dataset& dataset, std::size_t n_full) {
  if (dataset.ids.size() == n_full) return;
  dataset.notes.push_back(
      fmt::format("audio of {} of {} items; the others are left out", dataset.ids.size(), n_full));
}

/// The items with the audio files that a column names. Missing ones are reported all at once, or
/// left out.
Dataset with_files(const Dataset& full, const CsvTable& table, std::size_t column,
                   const std::vector<std::size_t>& rows, const fs::path& folder, bool partial) {
  const fs::path base = folder.empty() ? table.path.parent_path() : folder;
  std::error_code error;
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    throw DataError(fmt::format("{}: 'audio' names '{}', which is not a readable folder",
                                kTableOwner, folder.string()));
  }
  Problems missing;
  std::vector<std::size_t> kept;
  std::vector<fs::path> audio;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view name = trimmed(table.rows[rows[i]][column]);
    const fs::path file = base / name;
    error.clear();
    if (!name.empty() && fs::is_regular_file(file, error)) {
      kept.push_back(i);
      audio.push_back(file);
    } else {
      const bool shut = error == std::errc::permission_denied;
      missing.add(fmt::format("{}, column '{}': {} '{}'{}", table.where(rows[i]),
                              table.columns[column], shut ? "cannot read" : "found no file",
                              name.empty() ? "" : file.string(),
                              shut ? ": " + error.message() : ""));
    }
  }
  if (!partial || kept.empty()) {
    missing.throw_if_any(
        fmt::format("{}:{}", kTableOwner, partial || kept.empty() ? "" : kPartialHint));
  }
  Dataset out = select_items(full, kept);
  out.audio = std::move(audio);
  note_missing(out, full.ids.size());
  return out;
}

/// The items with the audio files of their ids.
Dataset with_audio_by_id(const Dataset& full, const fs::path& folder, bool partial) {
  const std::string owner = fmt::format("{}:", kTableOwner);
  Dataset out = with_audio(full, folder, owner);
  if (partial || out.ids.size() == full.ids.size()) return out;
  Problems missing;
  for (std::size_t i = 0, k = 0; i < full.ids.size(); ++i) {
    if (k < out.ids.size() && out.ids[k] == full.ids[i]) {
      ++k;
    } else {
      missing.add(fmt::format("item '{0}': found no file '{1}/{0}.wav' (or .flac, .ogg, .mp3, ...)",
                              full.ids[i], folder.string()));
    }
  }
  missing.throw_if_any(owner + kPartialHint);
  return out;
}

Dataset load_table(const Options& options) {
  check_table_options(options);
  const IdFrom rule = parse_id_from(kTableOwner, option<std::string>(options, "id_from"));
  CsvTable table = read_csv(option<std::string>(options, "csv"));
  const TableColumns columns = find_table_columns(table, options);
  Problems problems;

  const Texts all_splits = read_splits(table, columns, problems);
  const Texts& wanted = option<Texts>(options, "splits");
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), all_splits[r]) != wanted.end()) {
      rows.push_back(r);
    }
  }
  if (table.rows.empty()) {
    problems.add(fmt::format("'{}': found a header and no rows", table.path.string()));
  } else if (rows.empty() && problems.empty()) {
    problems.add(fmt::format("'{}': none of its {} rows is in the splits {}", table.path.string(),
                             table.rows.size(), fmt::join(wanted, ", ")));
  }

  Dataset dataset;
  dataset.about = option<std::string>(options, "about");
  dataset.n_expected = static_cast<std::size_t>(option<std::int64_t>(options, "n_expected"));
  dataset.ids = read_ids(table, columns.id, rule, rows, problems);
  for (const std::size_t column : columns.labels) {
    Texts classes;
    classes.reserve(rows.size());
    for (const std::size_t r : rows) {
      classes.push_back(
          read_class(table, r, column, option<Texts>(options, "class_names"), problems));
    }
    dataset.targets.push_back(make_class_target(table.columns[column], classes));
    if (problems.empty() && dataset.targets.back().classes.size() < 2) {
      problems.add(fmt::format("'{}', column '{}': found the one class '{}', expected two or more",
                               table.path.string(), table.columns[column], classes.front()));
    }
  }
  for (const std::size_t column : columns.targets) {
    Target target;
    target.name = table.columns[column];
    for (const std::size_t r : rows) {
      const std::optional<double> value = parse_number(table.rows[r][column]);
      if (!value) problems.add(table.number_problem(r, column));
      target.values.push_back(value.value_or(0));
    }
    dataset.targets.push_back(std::move(target));
  }
  if (columns.tags) {
    add_tags(table, *columns.tags, rows, option<std::string>(options, "tag_separator"), dataset,
             problems);
  }
  for (const std::size_t r : rows) {
    for (const auto& column : {columns.text, columns.group, columns.file}) {
      if (!column) continue;
      if (std::string problem = table.text_problem(r, *column); !problem.empty()) {
        problems.add(std::move(problem));
      }
    }
    if (columns.text) dataset.texts.emplace_back(table.rows[r][*columns.text]);
    if (columns.group) dataset.groups.emplace_back(trimmed(table.rows[r][*columns.group]));
    if (columns.split) dataset.splits.push_back(all_splits[r]);
  }
  problems.throw_if_any(fmt::format("{}:", kTableOwner));
  const auto& audio = option<std::string>(options, "audio");
  if (columns.file || !audio.empty()) {
    const bool partial = option<bool>(options, "partial");
    dataset = columns.file_sha256
                  ? with_known_files(std::move(dataset), table, columns, rows, audio)
              : columns.file ? with_files(dataset, table, *columns.file, rows, audio, partial)
                             : with_audio_by_id(dataset, audio, partial);
  }
  if (!wanted.empty()) {
    dataset.notes.push_back(fmt::format("splits {} alone: {} of {} rows", fmt::join(wanted, ", "),
                                        rows.size(), table.rows.size()));
  }
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "table";
  kind.description = "any CSV table with a column of ids and columns of labels or numbers";
  kind.fetch_help =
      "Nothing to fetch: the data is yours.\n"
      "Layout: a CSV file (RFC 4180, UTF-8) with a header row and one row an item. One column holds\n"
      "ids, or paths of audio files (id_from = \"stem\" takes the file name without folder and\n"
      "extension). 'labels' names columns of classes, 'targets' columns of numbers. 'group' (artist\n"
      "or album) and 'split' (train, valid or validation, test, or empty) name optional columns,\n"
      "'tags' one of any number of labels (rock|live), 'text' one of reviews or lyrics.\n"
      "Audio: 'file' names a column of paths, relative to the folder 'audio' or else to the CSV; or\n"
      "'audio' alone names a folder of <id>.wav (or .flac, .ogg, .mp3).";
  kind.options = table_option_specs();
  kind.load = load_table;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker table = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

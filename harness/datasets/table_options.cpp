#include "datasets/table_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "core/options.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

}  // namespace

const Texts& split_names() {
  static const Texts kNames = {"train", "valid", "test"};
  return kNames;
}

std::vector<OptionSpec> table_option_specs() {
  return {
      {.name = "csv",
       .default_value = std::string(),
       .description = "path of the CSV file",
       .required = true,
       .is_path = true},
      {"id", std::string("id"), "column of the items' ids"},
      {"id_from", std::string("exact"),
       "\"exact\": the id unchanged; \"stem\": its file name without folder and extension"},
      {"labels", Texts{}, "columns that are classes"},
      {"targets", Texts{}, "columns that are numbers"},
      {"tags", std::string(),
       "column of any number of labels: each becomes a target, absent or present; empty: none"},
      {"tag_separator", std::string("|"), "separator of the labels of 'tags'"},
      {"text", std::string(), "column of texts (reviews, lyrics); empty: none"},
      {"file", std::string(),
       "column of audio files, relative to 'audio' or else to the CSV; empty: none"},
      {"file_sha256", std::string(),
       "column of the SHA-256 of each file of 'file': these are then neither checked nor decoded "
       "ahead, and one that has changed when it is encoded is an error; empty: none"},
      {.name = "audio",
       .default_value = std::string(),
       .description = "folder of the audio: of the files of 'file', or else of <id>.wav, .flac, "
                      ".ogg or .mp3; empty: none",
       .is_path = true},
      {"partial", false, "leave out the items whose audio is missing; otherwise they are an error"},
      {"group", std::string(),
       "column of groups (artists) that must not cross folds, however they are spelled; empty: none"},
      {"split", std::string(), "column of splits: train, valid, test or empty; empty: none"},
      {.name = "splits",
       .default_value = Texts{},
       .description = "keep only the items of these splits; empty: all",
       .one_of = split_names()},
      {"class_names", Texts{},
       "names of the classes where the one label column holds their indices, 0 first"},
      {"about", std::string(), "source and licence, one line, for the report"},
      {.name = "n_expected",
       .default_value = std::int64_t{0},
       .description = "items of the complete data set; 0: not known",
       .range = NumberRange::at_least(0)},
  };
}

void check_table_options(const Options& options) {
  Problems problems;
  const Texts& labels = option<Texts>(options, "labels");
  const Texts& targets = option<Texts>(options, "targets");
  if (option<std::string>(options, "csv").empty()) {
    problems.add("option 'csv' is empty, expected the path of a CSV file");
  }
  const auto& tags = option<std::string>(options, "tags");
  if (labels.empty() && targets.empty() && tags.empty()) {
    problems.add(
        "found neither 'labels' nor 'targets' nor 'tags', expected at least one column to predict");
  }
  if (!tags.empty() && option<std::string>(options, "tag_separator").empty()) {
    problems.add("'tag_separator' is empty, expected the separator of the labels of 'tags'");
  }
  if (option<bool>(options, "partial") && option<std::string>(options, "audio").empty() &&
      option<std::string>(options, "file").empty()) {
    problems.add("'partial' is set, but neither 'audio' nor 'file' names audio; set one of them");
  }
  if (!option<std::string>(options, "file_sha256").empty() &&
      (option<std::string>(options, "file").empty() || option<bool>(options, "partial"))) {
    problems.add("'file_sha256' is given, expected 'file' too and no 'partial'");
  }
  std::set<std::string> seen;
  for (const Texts* list : {&labels, &targets}) {
    for (const std::string& name : *list) {
      if (!seen.insert(name).second) {
        problems.add(fmt::format("column '{}' is listed twice in 'labels' and 'targets'", name));
      }
    }
  }
  const Texts& class_names = option<Texts>(options, "class_names");
  if (!class_names.empty() && labels.size() != 1) {
    problems.add(
        fmt::format("'class_names' names the classes of one label column, found {} in 'labels'",
                    labels.size()));
  }
  if (std::set<std::string>(class_names.begin(), class_names.end()).size() != class_names.size()) {
    problems.add("'class_names' lists a name twice");
  }
  if (!option<Texts>(options, "splits").empty() && option<std::string>(options, "split").empty()) {
    problems.add(
        "'splits' is given, but not 'split'; set it to the column that holds each item's split");
  }
  problems.throw_if_any<ConfigError>(fmt::format("{}:", kTableOwner));
}

TableColumns find_table_columns(const CsvTable& table, const Options& options) {
  Problems problems;
  const auto find = [&](const std::string& name) -> std::size_t {
    try {
      return table.column(name);
    } catch (const DataError& e) {
      problems.add(e.what());
      return 0;
    }
  };
  TableColumns columns;
  columns.id = find(option<std::string>(options, "id"));
  for (const auto& name : option<Texts>(options, "labels")) columns.labels.push_back(find(name));
  for (const auto& name : option<Texts>(options, "targets")) columns.targets.push_back(find(name));
  const auto find_optional = [&](const char* key, std::optional<std::size_t>& column) {
    const auto& name = option<std::string>(options, key);
    if (!name.empty()) column = find(name);
  };
  find_optional("tags", columns.tags);
  find_optional("text", columns.text);
  find_optional("file", columns.file);
  find_optional("file_sha256", columns.file_sha256);
  find_optional("group", columns.group);
  find_optional("split", columns.split);
  problems.throw_if_any(fmt::format("{}:", kTableOwner));
  return columns;
}

}  // namespace musicrep

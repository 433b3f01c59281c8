// Kind "table": any CSV with a column of ids and columns of labels or numbers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/ids.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kOwner = "data set of kind 'table'";

const Texts& split_names() {
  static const Texts kNames = {"train", "valid", "test"};
  return kNames;
}

/// "validation" and "val" are what many tables call the split that is "valid" here.
std::string canonical_split(std::string_view text) {
  const std::string_view split = trimmed(text);
  return split == "validation" || split == "val" ? "valid" : std::string(split);
}

struct Columns {
  std::size_t id = 0;
  std::vector<std::size_t> labels;
  std::vector<std::size_t> targets;
  std::optional<std::size_t> group;
  std::optional<std::size_t> split;
};

/// What can be wrong with the options alone.
void check_options(const Options& options) {
  Problems problems;
  const Texts& labels = option<Texts>(options, "labels");
  const Texts& targets = option<Texts>(options, "targets");
  if (option<std::string>(options, "csv").empty()) {
    problems.add("option 'csv' is empty, expected the path of a CSV file");
  }
  if (labels.empty() && targets.empty()) {
    problems.add("found neither 'labels' nor 'targets', expected at least one column to predict");
  }
  std::set<std::string> seen;
  for (const Texts* list : {&labels, &targets}) {
    for (const std::string& name : *list) {
      if (!seen.insert(name).second) {
        problems.add(fmt::format("column '{}' stands twice in 'labels' and 'targets'", name));
      }
    }
  }
  const Texts& class_names = option<Texts>(options, "class_names");
  if (!class_names.empty() && labels.size() != 1) {
    problems.add(
        fmt::format("'class_names' names the classes of one label column, found {} in "
                    "'labels'",
                    labels.size()));
  }
  if (std::set<std::string>(class_names.begin(), class_names.end()).size() != class_names.size()) {
    problems.add("a name stands twice in 'class_names'");
  }
  for (const std::string& split : option<Texts>(options, "splits")) {
    if (std::find(split_names().begin(), split_names().end(), split) == split_names().end()) {
      problems.add(unknown_name("split", split, split_names()));
    }
  }
  if (!option<Texts>(options, "splits").empty() && option<std::string>(options, "split").empty()) {
    problems.add("'splits' is given, but no column 'split' that tells an item's split");
  }
  if (option<std::int64_t>(options, "n_expected") < 0) {
    problems.add("'n_expected' is negative, expected 0 or more");
  }
  problems.throw_if_any<ConfigError>(fmt::format("{}:", kOwner));
}

Columns find_columns(const CsvTable& table, const Options& options) {
  Problems problems;
  const auto find = [&](const std::string& name) -> std::size_t {
    try {
      return table.column(name);
    } catch (const DataError& e) {
      problems.add(e.what());
      return 0;
    }
  };
  Columns columns;
  columns.id = find(option<std::string>(options, "id"));
  for (const auto& name : option<Texts>(options, "labels")) columns.labels.push_back(find(name));
  for (const auto& name : option<Texts>(options, "targets")) columns.targets.push_back(find(name));
  const auto& group = option<std::string>(options, "group");
  const auto& split = option<std::string>(options, "split");
  if (!group.empty()) columns.group = find(group);
  if (!split.empty()) columns.split = find(split);
  problems.throw_if_any(fmt::format("{}:", kOwner));
  return columns;
}

/// The split of each row (all empty without a column of splits).
Texts read_splits(const CsvTable& table, const Columns& columns, Problems& problems) {
  Texts splits(table.rows.size());
  if (!columns.split) return splits;
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
  std::unordered_map<std::string, std::size_t> first_row;
  for (const std::size_t r : rows) {
    ids.push_back(make_id(table.rows[r][column], rule));
    const std::string& id = ids.back();
    if (id.empty()) {
      problems.add(fmt::format("{}, column '{}': found '{}', expected an id", table.where(r),
                               table.columns[column], table.rows[r][column]));
      continue;
    }
    const auto [seen, is_new] = first_row.emplace(id, r);
    if (!is_new) {
      problems.add(fmt::format("{}: the id '{}' stands in line {} already", table.where(r), id,
                               table.lines[seen->second]));
    }
  }
  return ids;
}

/// The class of a field: the text, or the name that the index in it stands for. Nothing, and a
/// problem, where there is none.
std::string read_class(const CsvTable& table, std::size_t row, std::size_t column,
                       const Texts& class_names, Problems& problems) {
  const std::string_view text = trimmed(table.rows[row][column]);
  const std::string where = fmt::format("{}, column '{}'", table.where(row), table.columns[column]);
  if (text.empty()) {
    problems.add(fmt::format("{}: found no label", where));
    return {};
  }
  if (class_names.empty()) return std::string(text);
  std::size_t index = 0;
  const char* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, index);
  if (error != std::errc() || stopped_at != end || index >= class_names.size()) {
    problems.add(fmt::format("{}: found '{}', expected an index into 'class_names', 0 to {}", where,
                             text, class_names.size() - 1));
    return {};
  }
  return class_names[index];
}

Dataset load_table(const Options& options) {
  check_options(options);
  const IdFrom rule = parse_id_from(kOwner, option<std::string>(options, "id_from"));
  const CsvTable table = read_csv(option<std::string>(options, "csv"));
  const Columns columns = find_columns(table, options);
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
      const std::optional<double> value = parse_number(trimmed(table.rows[r][column]));
      if (!value) problems.add(table.number_problem(r, column));
      target.values.push_back(value.value_or(0));
    }
    dataset.targets.push_back(std::move(target));
  }
  for (const std::size_t r : rows) {
    if (columns.group) dataset.groups.emplace_back(trimmed(table.rows[r][*columns.group]));
    if (columns.split) dataset.splits.push_back(all_splits[r]);
  }
  problems.throw_if_any(fmt::format("{}:", kOwner));
  if (!wanted.empty()) {
    dataset.notes.push_back(fmt::format("splits {} alone: {} of {} rows", fmt::join(wanted, ", "),
                                        rows.size(), table.rows.size()));
  }
  return dataset;
}

}  // namespace

DatasetKind table_kind() {
  DatasetKind kind;
  kind.name = "table";
  kind.description = "any CSV table with a column of ids and columns of labels or numbers";
  kind.fetch_help =
      "Nothing to fetch: the data is yours.\n"
      "Layout: a CSV file (RFC 4180, UTF-8) with a header row and one row an item. One column "
      "holds\n"
      "ids, or paths of audio files (id_from = \"stem\" takes the file name without folder and\n"
      "extension). 'labels' names columns of classes, 'targets' columns of numbers. 'group' "
      "(artist\n"
      "or album) and 'split' (train, valid or validation, test, or empty) name optional columns.";
  kind.options = {
      {"csv", std::string(), "path of the CSV file", true, true},
      {"id", std::string("id"), "column of the items' ids"},
      {"id_from", std::string("exact"),
       "\"exact\": the id as it stands; \"stem\": its file name without folder and extension"},
      {"labels", Texts{}, "columns that are classes"},
      {"targets", Texts{}, "columns that are numbers"},
      {"group", std::string(), "column of groups that must not cross folds; empty: none"},
      {"split", std::string(), "column of splits: train, valid, test or empty; empty: none"},
      {"splits", Texts{}, "keep only the items of these splits; empty: all"},
      {"class_names", Texts{},
       "names of the classes where the one label column holds their indices, 0 first"},
      {"about", std::string(), "source and licence, one line, for the report"},
      {"n_expected", std::int64_t{0}, "items of the complete data set; 0: not known"},
  };
  kind.load = load_table;
  return kind;
}

}  // namespace musicrep

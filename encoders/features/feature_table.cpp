#include "feature_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <tuple>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "formats/csv.h"
#include "formats/lines.h"
#include "formats/npy.h"
#include "formats/npz.h"
#include "musicrep/error.h"
#include "store/hdf5.h"
#include "store/read_apart.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

std::string extension_of(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

/// An array of ids that is there must not be empty: it would pass for one that is not there.
void require_ids(const FeatureTable& table, const fs::path& path, const std::string& id_array) {
  if (!table.ids.empty()) return;
  throw DataError(fmt::format("'{}': the array of ids '{}' is empty", path.string(), id_array));
}

FeatureTable read_npz(const fs::path& path, const FeatureFileOptions& options) {
  const NpzFile file(path);
  FeatureTable table;
  table.values = file.read(options.array).to_matrix();
  if (file.has(options.id_array)) {
    table.ids = file.read(options.id_array).to_texts();
    require_ids(table, path, options.id_array);
  }
  return table;
}

/// Values and ids.
std::pair<Matrix, std::vector<std::string>> hdf5_arrays(const fs::path& path,
                                                        const FeatureFileOptions& options) {
  const auto absolute = [](const std::string& object) {
    return object.starts_with('/') ? object : "/" + object;
  };
  const Hdf5File file(path, Hdf5File::Mode::kRead);
  if (!file.exists(absolute(options.array))) {
    throw DataError(fmt::format("'{}': {}", path.string(),
                                unknown_name("array", options.array, file.members("/"))));
  }
  FeatureTable table;
  table.values = file.read_matrix(absolute(options.array));
  if (file.exists(absolute(options.id_array))) {
    table.ids = file.read_texts(absolute(options.id_array));
    require_ids(table, path, options.id_array);
  }
  return {std::move(table.values), std::move(table.ids)};
}

FeatureTable read_hdf5(const fs::path& path, const FeatureFileOptions& options) {
  FeatureTable table;
  std::tie(table.values, table.ids) = read_apart(path, [&] { return hdf5_arrays(path, options); });
  return table;
}

/// The column of the ids, or nothing where the table has none.
std::optional<std::size_t> find_id_column(const CsvTable& csv, const std::string& name) {
  if (name.empty()) return csv.find_column("");
  const bool has_index = !csv.find_column(name) && csv.columns.front().empty();
  if (has_index && name == kDefaultIdColumn) return 0;
  if (has_index) {
    throw DataError(fmt::format(
        "'{}': found no column '{}', but a first column without a name, as pandas writes an index; "
        "expected id_column = \"\" for that, or the name of the column of ids",
        csv.path.string(), name));
  }
  return csv.column(name);
}

/// "0", "1", ...: what pandas numbers rows with where a table was given no index.
bool are_counted(const std::vector<std::string>& ids) {
  for (std::size_t r = 0; r < ids.size(); ++r) {
    if (ids[r] != std::to_string(r)) return false;
  }
  return true;
}

FeatureTable read_csv_features(const fs::path& path, const FeatureFileOptions& options) {
  const CsvTable csv = read_csv(path);
  const std::optional<std::size_t> id_column = find_id_column(csv, options.id_column);
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < csv.columns.size(); ++c) {
    // A column without a name is the index of a pandas table: a number, but no feature.
    if (c != id_column && !csv.columns[c].empty()) columns.push_back(c);
  }
  FeatureTable table;
  table.values = Matrix(csv.rows.size(), columns.size());
  table.lines = csv.lines;
  Problems problems;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    if (id_column) {
      if (std::string problem = csv.text_problem(r, *id_column); !problem.empty()) {
        problems.add(std::move(problem));
      }
      table.ids.emplace_back(trimmed(csv.rows[r][*id_column]));
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::optional<double> value = parse_number(csv.rows[r][columns[c]]);
      if (!value) problems.add(csv.number_problem(r, columns[c]));
      table.values.at(r, c) = value.value_or(0);
    }
  }
  problems.throw_if_any(fmt::format("'{}':", path.string()));
  table.is_counted = id_column && csv.columns[*id_column].empty() && are_counted(table.ids);
  return table;
}

}  // namespace

std::string FeatureTable::place(std::size_t row) const {
  return lines.empty() ? fmt::format("row {}", row) : fmt::format("line {}", lines.at(row));
}

bool is_feature_file(const fs::path& path) {
  const std::string extension = extension_of(path);
  return extension == ".npy" || extension == ".npz" || extension == ".h5" || extension == ".hdf5" ||
         extension == ".csv";
}

FeatureTable read_feature_table(const fs::path& path, const FeatureFileOptions& options) {
  require_file(path, "features");
  const std::string extension = extension_of(path);
  FeatureTable table;
  if (extension == ".npy") {
    table.values = read_npy(path).to_matrix();
  } else if (extension == ".npz") {
    table = read_npz(path, options);
  } else if (extension == ".csv") {
    table = read_csv_features(path, options);
  } else {
    table = read_hdf5(path, options);
  }
  table.name = path.string();
  if (table.values.empty()) {
    throw DataError(fmt::format("'{}': found {} rows of {} features, expected at least one of each",
                                table.name, table.values.rows(), table.values.cols()));
  }
  if (!table.ids.empty() && table.ids.size() != table.values.rows()) {
    throw DataError(fmt::format("'{}': found {} ids and {} rows of features, expected as many",
                                table.name, table.ids.size(), table.values.rows()));
  }
  for (std::string& id : table.ids) id = make_id(id, options.id_from);
  return table;
}

std::vector<std::string> read_id_list(const fs::path& path, IdFrom id_from) {
  require_file(path, "list of ids");
  std::vector<std::string> texts =
      extension_of(path) == ".npy" ? read_npy(path).to_texts() : read_lines(path);
  std::vector<std::string> ids;
  for (const std::string& text : texts) {
    if (!trimmed(text).empty()) ids.push_back(make_id(trimmed(text), id_from));
  }
  if (ids.empty()) throw DataError(fmt::format("'{}': found no ids", path.string()));
  return ids;
}

}  // namespace musicrep

#include "features.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "core/hash.h"
#include "core/options.h"
#include "core/usable_values.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;
constexpr const char* kOwner = "encoder 'features':";

/// "'a', 'b', 'c' and 4 more".
std::string first_few(const Texts& ids) {
  constexpr std::size_t kShown = 5;
  const std::size_t n = std::min(kShown, ids.size());
  std::string text = fmt::format("'{}'", fmt::join(std::span(ids).first(n), "', '"));
  if (ids.size() > n) text += fmt::format(" and {} more", ids.size() - n);
  return text;
}

}  // namespace

EncoderInfo Features::static_info() {
  EncoderInfo info;
  info.name = "features";
  info.version = "1.0.0";
  info.description = "vectors or frames computed elsewhere, read from files by item id";
  info.citation = "none of its own: that of whoever computed the files";
  info.bibtex = R"(% known by: musicnn
@inproceedings{pons2019musicnn,
  title = {{musicnn}: Pre-Trained Convolutional Neural Networks for Music Audio Tagging},
  author = {Pons, Jordi and Serra, Xavier},
  booktitle = {Late-Breaking/Demo of the 20th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2019}
})";
  info.fetch_help =
      R"(Vectors in files are the user's own. Published ones that experiments here read: `musicrep fetch-help choi2017`
and `musicrep fetch-help musicnn`.)";
  info.licence = "that of the files";
  info.input = InputKind::kItemId;
  info.options = {
      {.name = "files",
       .default_value = Texts{},
       .description = "paths of .npy, .npz, .h5, .hdf5 or .csv files",
       .required = true,
       .is_path = true},
      {.name = "join",
       .default_value = std::string("columns"),
       .description = "several files: \"columns\" (each has some features of every item) or "
                      "\"rows\" (each has some of the items)",
       .one_of = {"columns", "rows"}},
      {.name = "ids",
       .default_value = std::string(),
       .description = "path of a list of ids, a text or an .npy, for files without ids of their "
                      "own; empty: their rows are in the data set's order",
       .is_path = true},
      {.name = "id_from",
       .default_value = std::string("exact"),
       .description = "how the files' ids become item ids: \"exact\", or \"stem\" (file name "
                      "without folder and extension)"},
      {.name = "array",
       .default_value = std::string("X"),
       .description = "name of the array of values in .npz and HDF5 files"},
      {.name = "id_array",
       .default_value = std::string("IDS"),
       .description = "name of the array of ids in .npz and HDF5 files"},
      {.name = "id_column",
       .default_value = std::string(kDefaultIdColumn),
       .description = "column of the ids in .csv files, all others are features; where there is no "
                      "'id', or empty: the first column where it has no name, as pandas writes its "
                      "index, otherwise none"},
      {.name = "ignore_extra",
       .default_value = false,
       .description = "true: pass over ids that the data set lacks; false: refuse them"},
  };
  return info;
}

Features::Features(const EncoderArgs& args)
    : files_(option<Texts>(args.options, "files")),
      ids_file_(option<std::string>(args.options, "ids")),
      ignore_extra_(option<bool>(args.options, "ignore_extra")) {
  file_options_.array = option<std::string>(args.options, "array");
  file_options_.id_array = option<std::string>(args.options, "id_array");
  file_options_.id_column = option<std::string>(args.options, "id_column");
  Problems problems;
  try {
    file_options_.id_from =
        parse_id_from("option 'id_from'", option<std::string>(args.options, "id_from"));
  } catch (const ConfigError& e) {
    problems.add(e.what());
  }
  join_rows_ = option<std::string>(args.options, "join") == "rows";
  if (files_.empty()) problems.add("option 'files' is empty, expected at least one path");
  for (const std::string& file : files_) {
    if (!is_feature_file(file)) {
      problems.add(fmt::format("'{}': expected a name in .npy, .npz, .h5, .hdf5 or .csv{}", file,
                               file.ends_with(".parquet")
                                   ? ": pandas.read_parquet(...).to_csv(...) writes the last"
                                   : ""));
    }
  }
  problems.throw_if_any<ConfigError>(kOwner);
}

void Features::load(const std::optional<std::span<const std::string>>& items) {
  loaded_ = false;
  parts_.clear();
  in_order_.clear();
  Problems problems;
  for (const std::string& file : files_) {
    try {
      parts_.push_back({read_feature_table(file, file_options_), {}, {}});
    } catch (const DataError& e) {
      problems.add(e.what());
    }
  }
  problems.throw_if_any(kOwner);
  assign_ids(items, problems);
  problems.throw_if_any(kOwner);
  for (Part& part : parts_) {
    index_rows(part, problems);
    for (const UnusableValue& bad : unusable_values(part.table.values)) {
      part.unusable.emplace(bad.row, bad);  // the first of each row
    }
  }
  if (join_rows_) check_rows_join(problems);
  problems.throw_if_any(kOwner);
  loaded_ = true;
}

void Features::assign_ids(const std::optional<std::span<const std::string>>& items,
                          Problems& problems) {
  std::vector<FeatureTable*> without;
  for (Part& part : parts_) {
    // Numbers that pandas gave to rows are ids only where the data set's are such numbers.
    const auto is_item = [&](const std::string& id) {
      return std::ranges::find(*items, id) != items->end();
    };
    if (part.table.is_counted && items && std::ranges::none_of(part.table.ids, is_item)) {
      part.table.ids.clear();
    }
    if (part.table.ids.empty()) without.push_back(&part.table);
  }
  if (without.empty()) {
    if (!ids_file_.empty()) {
      problems.add(fmt::format("the list of ids '{}' is given, but every file has ids of its own",
                               ids_file_));
    }
    return;
  }
  if (join_rows_ && without.size() != parts_.size()) {
    problems.add(
        fmt::format("'{}' has no ids and other files have some, expected all or none where "
                    "join = \"rows\"",
                    without.front()->name));
    return;
  }
  if (ids_file_.empty() && !items) {
    problems.add(
        fmt::format("'{}' has no ids, and the order of the items is not known; give a list "
                    "of ids",
                    without.front()->name));
    return;
  }
  Texts ids;
  if (ids_file_.empty()) {
    ids.assign(items->begin(), items->end());
  } else {
    try {
      ids = read_id_list(ids_file_, file_options_.id_from);
    } catch (const DataError& e) {
      problems.add(e.what());
      return;
    }
  }
  if (ids_file_.empty()) {
    for (const FeatureTable* table : without) {
      in_order_.push_back(fs::path(table->name).filename().string());
    }
  }
  const std::string source =
      ids_file_.empty() ? "items of the data set" : fmt::format("ids of '{}'", ids_file_);

  if (!join_rows_) {
    for (FeatureTable* table : without) {
      if (table->values.rows() == ids.size()) {
        table->ids = ids;
      } else {
        problems.add(fmt::format("'{}': found {} rows, expected {} (the {})", table->name,
                                 table->values.rows(), ids.size(), source));
      }
    }
    return;
  }
  std::size_t n_rows = 0;
  for (const FeatureTable* table : without) n_rows += table->values.rows();
  if (n_rows != ids.size()) {
    problems.add(fmt::format("found {} rows in all files, expected {} (the {})", n_rows, ids.size(),
                             source));
    return;
  }
  auto next = ids.begin();
  for (FeatureTable* table : without) {
    const auto end = next + static_cast<std::ptrdiff_t>(table->values.rows());
    table->ids.assign(next, end);
    next = end;
  }
}

void Features::index_rows(Part& part, Problems& problems) {
  const FeatureTable& table = part.table;
  for (std::size_t r = 0; r < table.ids.size(); ++r) {
    const std::string& id = table.ids[r];
    if (id.empty()) problems.add(fmt::format("'{}': {} has no id", table.name, table.place(r)));
    if (r > 0 && id == table.ids[r - 1]) {
      ++part.items.at(id).count;
      continue;
    }
    const auto [rows, is_new] = part.items.emplace(id, Rows{r, 1});
    if (is_new) continue;
    problems.add(fmt::format("'{}': the id '{}' stands in {} and in {} with others between",
                             table.name, id, table.place(rows->second.first), table.place(r)));
    rows->second = {r, 1};
  }
}

void Features::check_rows_join(Problems& problems) const {
  const FeatureTable& first = parts_.front().table;
  std::unordered_map<std::string_view, const FeatureTable*> seen;
  for (const Part& part : parts_) {
    const FeatureTable& table = part.table;
    if (table.values.cols() != first.values.cols()) {
      problems.add(fmt::format("'{}': found {} features, expected {} as in '{}'", table.name,
                               table.values.cols(), first.values.cols(), first.name));
    }
    for (std::size_t r = 0; r < table.ids.size(); ++r) {
      if (part.items.at(table.ids[r]).first != r) continue;  // one message an item
      const auto [other, is_new] = seen.emplace(table.ids[r], &table);
      if (!is_new && other->second != &table) {
        problems.add(fmt::format("the id '{}' stands in '{}' and in '{}'", table.ids[r],
                                 other->second->name, table.name));
      }
    }
  }
}

std::vector<Features::Place> Features::places(const std::string& id) const {
  std::vector<Place> found;
  for (const Part& part : parts_) {
    const auto rows = part.items.find(id);
    if (rows != part.items.end()) found.push_back({&part, rows->second});
  }
  return found;
}

void Features::check_item(const std::string& id, const std::vector<Place>& places,
                          Problems& problems) const {
  for (const auto& [part, rows] : places) {
    const Place& first = places.front();
    if (rows.count != first.rows.count) {
      problems.add(
          fmt::format("item '{}': found {} frames in '{}' and {} in '{}', expected as many", id,
                      first.rows.count, first.part->table.name, rows.count, part->table.name));
    }
    const FeatureTable& table = part->table;
    for (std::size_t r = rows.first; r < rows.first + rows.count; ++r) {
      const auto bad = part->unusable.find(r);
      if (bad == part->unusable.end()) continue;
      problems.add(fmt::format("'{}', {} (item '{}'), {}", table.name, table.place(r), id,
                               unusable_value_text(bad->second)));
    }
  }
}

void Features::check_missing(std::span<const std::string> ids, Problems& problems) const {
  const auto report = [&](const std::string& where, const Texts& missing) {
    if (missing.empty()) return;
    problems.add(fmt::format("{}: found no features for {} of {} items: {}", where, missing.size(),
                             ids.size(), first_few(missing)));
  };
  if (join_rows_) {
    Texts missing;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(missing),
                 [&](const std::string& id) { return places(id).empty(); });
    report(fmt::format("'{}'", fmt::join(files_, "', '")), missing);
    return;
  }
  for (const Part& part : parts_) {
    Texts missing;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(missing),
                 [&](const std::string& id) { return !part.items.contains(id); });
    report(fmt::format("'{}'", part.table.name), missing);
  }
}

void Features::check_extra(std::span<const std::string> ids, Problems& problems) {
  const std::unordered_set<std::string_view> known(ids.begin(), ids.end());
  std::unordered_set<std::string> ignored;
  for (const Part& part : parts_) {
    Texts extra;
    for (std::size_t r = 0; r < part.table.ids.size(); ++r) {
      const std::string& id = part.table.ids[r];
      if (part.items.at(id).first == r && !known.contains(id)) extra.push_back(id);
    }
    if (extra.empty()) continue;
    if (!ignore_extra_) {
      problems.add(
          fmt::format("'{}': found {} ids that the data set lacks: {} (ignore_extra = true "
                      "passes over them)",
                      part.table.name, extra.size(), first_few(extra)));
    }
    ignored.insert(extra.begin(), extra.end());
  }
  n_ignored_ = ignored.size();
}

void Features::check_items(std::span<const std::string> ids) {
  load(ids);
  Problems problems;
  check_missing(ids, problems);
  check_extra(ids, problems);
  for (const std::string& id : ids) check_item(id, places(id), problems);
  loaded_ = problems.empty();
  problems.throw_if_any(kOwner);
}

std::vector<Matrix> Features::encode(std::span<const Signal> signals) {
  if (!loaded_) load(std::nullopt);
  std::vector<Matrix> out;
  for (const Signal& signal : signals) {
    const std::vector<Place> found = places(signal.id);
    Problems problems;
    check_missing(std::span(&signal.id, 1), problems);
    check_item(signal.id, found, problems);
    problems.throw_if_any(kOwner);
    std::size_t cols = 0;
    for (const Place& place : found) cols += place.part->table.values.cols();
    Matrix& matrix = out.emplace_back(found.front().rows.count, cols);
    std::size_t first_col = 0;
    for (const Place& place : found) {
      const Matrix& values = place.part->table.values;
      for (std::size_t r = 0; r < matrix.rows(); ++r) {
        const std::span<const double> from = values.row(place.rows.first + r);
        std::copy(from.begin(), from.end(), matrix.row(r).subspan(first_col).begin());
      }
      first_col += values.cols();
    }
  }
  return out;
}

std::vector<std::string> Features::notes() const {
  if (in_order_.empty()) return {};
  return {
      fmt::format("matched by order: '{}' {} no ids, so row k is taken for item k of the data "
                  "set",
                  fmt::join(in_order_, "', '"), in_order_.size() == 1 ? "has" : "have")};
}

std::string Features::content_sha256() const {
  Sha256 sha;
  for (const std::string& file : files_) sha.update_text(sha256_of_file(file));
  sha.update_text(ids_file_.empty() ? std::string() : sha256_of_file(ids_file_));
  return sha.hex();
}

}  // namespace musicrep

using musicrep::Features;
MUSICREP_ENCODER(features, Features)

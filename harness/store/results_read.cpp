// Reads results.h5; results/README.md documents the file.
#include <fmt/format.h>

#include "musicrep/error.h"
#include "store/hdf5.h"
#include "store/read_apart.h"
#include "store/results.h"
#include "store/results_columns.h"
#include "store/seal.h"

namespace musicrep {

/// Results between processes, field by field.
template <typename Io, typename T>
requires requires(T& v) {
  visit_fields(v, [](const char*, auto&) {});
}
void visit_parts(Io& io, T& v) {
  visit_fields(v, [&](const char*, auto& field) { io(field); });
}

namespace {

constexpr const char* kSchema = "musicrep-results";

std::string child(const std::string& group, const std::string& name) {
  return (group == "/" ? "" : group) + "/" + name;
}

/// The Writer of results.cpp backwards.
class Reader {
 public:
  /// `is_old`: of an earlier schema, where fields added later are left empty.
  Reader(const Hdf5File& file, std::string path, bool is_old)
      : file_(file), path_(std::move(path)), is_old_(is_old) {}

  void field(const std::string& group, const std::string& name, std::string& v) const {
    v = file_.read_text_attribute(group, name);
  }
  void field(const std::string& group, const std::string& name, std::int64_t& v) const {
    v = file_.read_integer_attribute(group, name);
  }
  void field(const std::string& group, const std::string& name, double& v) const {
    v = file_.read_number_attribute(group, name);
  }
  void field(const std::string& group, const std::string& name, std::optional<double>& v) const {
    from_cell(file_.read_number_attribute(group, name), v);
  }

  void field(const std::string& group, const std::string& name,
             std::map<std::string, std::string>& facts) const {
    for (const std::string& key : file_.attribute_names(child(group, name))) {
      facts[key] = file_.read_text_attribute(child(group, name), key);
    }
  }

  void list(const std::string& path, std::vector<double>& v) const { v = file_.read_numbers(path); }
  void list(const std::string& path, std::vector<std::int64_t>& v) const {
    v = file_.read_integers(path);
  }
  void list(const std::string& path, std::vector<std::uint8_t>& v) const {
    v = file_.read_bytes(path);
  }
  void list(const std::string& path, std::vector<std::string>& v) const {
    v = file_.read_texts(path);
  }

  template <typename T>
  void field(const std::string& group, const std::string& name, std::vector<T>& v) const {
    const std::string path = child(group, name);
    if constexpr (!std::is_class_v<T> || std::same_as<T, std::string>) {
      list(path, v);
    } else if constexpr (Is<T, DatasetRecord> || Is<T, MelPicture> || Is<T, ResultRow> ||
                         Is<T, TargetResult> || Is<T, Retrieval> || Is<T, Fingerprint> ||
                         Is<T, TrainingCurve> || Is<T, MeasureSample> || Is<T, Deformed> ||
                         Is<T, DeformedTarget>) {
      v.resize(file_.members(path).size());
      for (std::size_t i = 0; i < v.size(); ++i) {
        const std::string below = child(path, fmt::format("{:03}", i));
        visit_fields(v[i], [&](const char* key, auto& each) {
          const bool there = (!is_old_ && !is_left_out_where_empty(key)) ||
                             file_.has_attribute(below, key) || file_.exists(child(below, key));
          if (there) field(below, key, each);
        });
      }
    } else {
      columns(path, v);
    }
  }

 private:
  template <typename T>
  void columns(const std::string& path, std::vector<T>& objects) const {
    // The first column says how many objects there are.
    std::size_t index = 0;
    for (const auto& empty : to_columns(std::vector<T>{})) {
      const std::string column = child(path, empty.first);
      if (is_old_ && !file_.exists(column)) {
        ++index;
        continue;
      }
      const auto read_column = [&](auto cells) {
        list(column, cells);
        if (index == 0) objects.resize(cells.size());
        if (cells.size() != objects.size()) {
          throw DataError(fmt::format("'{}': column '{}' has {} entries, expected {}", path_,
                                      column, cells.size(), objects.size()));
        }
        set_column(objects, index++, cells);
      };
      std::visit(read_column, empty.second);
    }
  }

  template <typename T, typename Cell>
  static void set_column(std::vector<T>& objects, std::size_t index,
                         const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < objects.size(); ++i) {
      std::size_t at = 0;
      visit_cells(objects[i], [&](const char*, auto& v) {
        if constexpr (std::same_as<Cell, decltype(to_cell(v))>) {
          if (at == index) from_cell(cells[i], v);
        }
        ++at;
      });
    }
  }

  const Hdf5File& file_;
  std::string path_;
  bool is_old_ = false;
};

/// The schema version of the file. Throws DataError where it is not a results file, or cannot be
/// read.
std::int64_t read_schema_version(const Hdf5File& file, const std::string& path) {
  if (!file.has_attribute("/", "schema") || file.read_text_attribute("/", "schema") != kSchema) {
    throw DataError(fmt::format(
        "'{}' is not a results file of musicrep, expected an attribute 'schema' of '{}'", path,
        kSchema));
  }
  const std::int64_t version = file.read_integer_attribute("/", "schema_version");
  if (version > Results::kSchemaVersion || version < Results::kOldestSchemaVersion) {
    throw DataError(fmt::format(
        "'{}' has schema version {}; this program reads versions {} to {}. {}", path, version,
        Results::kOldestSchemaVersion, Results::kSchemaVersion,
        version > Results::kSchemaVersion ? "Update musicrep." : "Run its experiment again."));
  }
  return version;
}

/// Results and the digest that the file states for them.
std::pair<Results, std::string> read_hdf5(const std::filesystem::path& path) {
  const Hdf5File file(path, Hdf5File::Mode::kRead);
  const std::int64_t version = read_schema_version(file, path.string());
  const bool is_old = version < Results::kSchemaVersion;
  const Reader reader(file, path.string(), is_old);
  Results results;
  visit_fields(results, [&](const std::string& name, auto& v) {
    if constexpr (std::same_as<decltype(v), std::string&>) {
      if (name == "experiment_toml") {
        std::vector<std::string> texts;
        reader.field("/", name, texts);
        if (texts.size() != 1) {
          throw DataError(fmt::format("'{}': data set '/{}' holds {} texts, expected 1",
                                      path.string(), name, texts.size()));
        }
        v = texts[0];
        return;
      }
    }
    const bool optional = is_left_out_where_empty(name) || (is_old && name == "letters");
    if (optional && !file.exists("/" + name)) return;
    reader.field("/", name == "volatile_facts" ? "volatile" : name, v);
  });
  // The digest of an earlier schema covers other fields: its seal alone guards it.
  return {std::move(results),
          is_old ? std::string() : file.read_text_attribute("/", "content_digest")};
}

}  // namespace

Results read_results(const std::filesystem::path& path) {
  // Without a seal it may have gone through another program; the digest below still guards it.
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored) && check_seal(path) == Seal::kBroken) {
    throw DataError(
        fmt::format("'{}' is damaged: its bytes have changed since it was written", path.string()));
  }
  auto [results, expected] = read_apart(path, [&] { return read_hdf5(path); });
  if (const std::string found = content_digest(results); !expected.empty() && found != expected) {
    throw DataError(
        fmt::format("'{}' is damaged or was changed: its content has digest {}, expected {}",
                    path.string(), found, expected));
  }
  check_results(results, path.string());
  return results;
}

}  // namespace musicrep

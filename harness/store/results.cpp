// Writes results.h5; results/README.md documents the file.
#include "store/results.h"

#include <fmt/format.h>

#include "core/files.h"
#include "store/hdf5.h"
#include "store/results_columns.h"
#include "store/results_table.h"
#include "store/seal.h"

namespace musicrep {
namespace {

/// Writes the fields of an object into a group: plain ones as attributes, lists of plain ones as
/// data sets, lists of flat objects as columns, lists of deep ones as groups 000, 001, …
class Writer {
 public:
  explicit Writer(Hdf5File& file) : file_(file) {}

  void field(const std::string& group, const std::string& name, const std::string& v) {
    file_.write_attribute(group, name, v);
  }
  void field(const std::string& group, const std::string& name, std::int64_t v) {
    file_.write_attribute(group, name, v);
  }
  void field(const std::string& group, const std::string& name, double v) {
    file_.write_attribute(group, name, v);
  }
  void field(const std::string& group, const std::string& name, const std::optional<double>& v) {
    file_.write_attribute(group, name, to_cell(v));
  }

  void field(const std::string& group, const std::string& name,
             const std::map<std::string, std::string>& facts) {
    file_.make_group(child(group, name));
    for (const auto& [key, value] : facts) {
      file_.write_attribute(child(group, name), key, value);
    }
  }

  template <typename T>
  void field(const std::string& group, const std::string& name, const std::vector<T>& list) {
    const std::string path = child(group, name);
    if constexpr (!std::is_class_v<T> || std::same_as<T, std::string>) {
      file_.write(path, std::span<const T>(list));
    } else if constexpr (Is<T, DatasetRecord> || Is<T, MelPicture> || Is<T, ResultRow> ||
                         Is<T, TargetResult> || Is<T, Retrieval> || Is<T, Fingerprint> ||
                         Is<T, TrainingCurve> || Is<T, MeasureSample> || Is<T, Deformed> ||
                         Is<T, DeformedTarget>) {
      file_.make_group(path);
      for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string below = child(path, fmt::format("{:03}", i));
        file_.make_group(below);
        visit_fields(list[i], [&](const char* key, const auto& v) {
          if (is_written(key, v)) field(below, key, v);
        });
      }
    } else {
      file_.make_group(path);
      for (const auto& column : to_columns(list)) {
        std::visit([&](const auto& values) { field(path, column.first, values); }, column.second);
      }
    }
  }

 private:
  static std::string child(const std::string& group, const std::string& name) {
    return (group == "/" ? "" : group) + "/" + name;
  }

  Hdf5File& file_;
};

}  // namespace

void write_results(const Results& results, const std::filesystem::path& path) {
  write_atomically(path, [&](const std::filesystem::path& temporary) {
    Hdf5File file(temporary, Hdf5File::Mode::kCreate);
    Writer writer(file);
    writer.field("/", "schema", "musicrep-results");
    writer.field("/", "schema_version", Results::kSchemaVersion);
    writer.field("/", "content_digest", content_digest(results));
    visit_fields(results, [&](const std::string& name, const auto& v) {
      if constexpr (std::same_as<decltype(v), const std::string&>) {
        if (name == "experiment_toml") {  // a long text is handier as a data set
          writer.field("/", name, std::vector{v});
          return;
        }
      }
      if (is_written(name, v)) writer.field("/", name == "volatile_facts" ? "volatile" : name, v);
    });
    writer.field("/", "table", table_lines(results));
    file.close();
    append_seal(temporary);
  });
}

}  // namespace musicrep

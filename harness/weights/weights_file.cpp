#include "weights/weights_file.h"

#include <fmt/format.h>

#include <cstdint>
#include <span>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "musicrep/error.h"
#include "store/hdf5.h"
#include "store/read_apart.h"
#include "store/seal.h"
#include "weights/tensors_packed.h"

namespace musicrep {
namespace fs = std::filesystem;

/// What a file holds, with JSON as texts.
struct WeightsAsRead {
  std::string architecture;
  std::string config;
  std::string source;
  NamedTensors tensors;
  std::map<std::string, std::vector<double>> curves;
  std::map<std::string, std::vector<std::string>> labels;
  std::string sha256;  ///< that the file states
};

template <typename Io, typename T>
requires std::same_as<std::remove_const_t<T>, WeightsAsRead>
void visit_parts(Io& io, T& v) {
  MUSICREP_EACH_FIELD(io, v, architecture, config, source, tensors, curves, labels, sha256);
}

namespace {

constexpr const char* kSchema = "musicrep-weights";
constexpr std::int64_t kSchemaVersion = 1;
constexpr std::string_view kHdf5Mark = "\x89HDF\r\n\x1a\n";

/// The names below a group: a '/' in one means a group of its own.
std::vector<std::string> names_below(const Hdf5File& file, const std::string& group) {
  std::vector<std::string> names = file.datasets_below(group);
  for (std::string& name : names) name.erase(0, group.size() + 1);
  return names;
}

void write_json(Hdf5File& file, const std::string& dataset, const nlohmann::json& value) {
  const std::string text = value.dump();
  file.write(dataset, std::span<const std::string>(&text, 1));
}

/// The one text of a data set; empty where there is another number of them.
std::string read_text(const Hdf5File& file, const std::string& dataset) {
  const std::vector<std::string> texts = file.read_texts(dataset);
  return texts.size() == 1 ? texts[0] : "";
}

nlohmann::json parse_json(const std::string& text, const std::string& dataset,
                          const fs::path& path) {
  nlohmann::json json = parse_bounded_json(text);
  if (!json.is_object()) {
    throw DataError(fmt::format("'{}': data set '{}' does not hold a JSON object, expected one",
                                path.string(), dataset));
  }
  return json;
}

void check_schema(const Hdf5File& file, const fs::path& path) {
  const std::string found =
      file.has_attribute("/", "schema") ? file.read_text_attribute("/", "schema") : "";
  if (found != kSchema) {
    throw DataError(fmt::format(
        "'{}' is not a weights file of musicrep: its attribute 'schema' is '{}', expected '{}'",
        path.string(), found, kSchema));
  }
  const std::int64_t version = file.read_integer_attribute("/", "schema_version");
  if (version < 1 || version > kSchemaVersion) {
    throw DataError(fmt::format("'{}' is of schema version {}; this program reads up to {}",
                                path.string(), version, kSchemaVersion));
  }
}

void require_seal(const fs::path& path) {
  require_file(path, "weights");
  // Before the HDF5 library, which crashes on some damaged files, sees a byte.
  if (const Seal seal = check_seal(path); seal != Seal::kGood) {
    throw DataError(fmt::format(
        "'{}' {}", path.string(),
        seal == Seal::kMissing
            ? "is cut short, or is not a weights file of musicrep: expected a seal at its end"
            : "is damaged: its bytes have changed since it was written"));
  }
}

std::map<std::string, std::vector<double>> curves_of(const Hdf5File& file) {
  std::map<std::string, std::vector<double>> curves;
  for (const std::string& name : names_below(file, "/curves")) {
    curves[name] = file.read_numbers("/curves/" + name);
  }
  return curves;
}

WeightsAsRead read_hdf5(const fs::path& path) {
  const Hdf5File file(path, Hdf5File::Mode::kRead);
  check_schema(file, path);
  WeightsAsRead out;
  out.architecture = file.read_text_attribute("/", "architecture");
  out.config = read_text(file, "/config");
  out.source = read_text(file, "/source");
  for (const std::string& name : names_below(file, "/tensors")) {
    const std::string dataset = "/tensors/" + name;
    out.tensors[name] = {.shape = file.shape(dataset), .values = file.read_floats(dataset)};
  }
  out.curves = curves_of(file);
  for (const std::string& name : names_below(file, "/labels")) {
    out.labels[name] = file.read_texts("/labels/" + name);
  }
  out.sha256 = file.read_text_attribute("/", "content_sha256");
  return out;
}

}  // namespace

void write_weights(const fs::path& path, const Weights& weights) {
  write_atomically(path, [&](const fs::path& temporary) {
    Hdf5File file(temporary, Hdf5File::Mode::kCreate);
    file.write_attribute("/", "schema", std::string(kSchema));
    file.write_attribute("/", "schema_version", kSchemaVersion);
    file.write_attribute("/", "architecture", weights.architecture);
    file.write_attribute("/", "content_sha256", sha256_of(weights));
    write_json(file, "/config", weights.config);
    write_json(file, "/source", weights.source);
    for (const char* group : {"/tensors", "/curves", "/labels"}) file.make_group(group);
    for (const auto& [name, tensor] : weights.tensors) {
      file.write_floats("/tensors/" + name, tensor.shape, tensor.values);
    }
    for (const auto& [name, values] : weights.curves) {
      file.write("/curves/" + name, std::span<const double>(values));
    }
    for (const auto& [name, texts] : weights.labels) {
      file.write("/labels/" + name, std::span<const std::string>(texts));
    }
    file.close();
    append_seal(temporary);
  });
}

Weights read_weights(const fs::path& path) {
  require_seal(path);
  WeightsAsRead read = read_apart(path, [&] { return read_hdf5(path); });
  Weights weights{.architecture = std::move(read.architecture),
                  .config = parse_json(read.config, "/config", path),
                  .source = parse_json(read.source, "/source", path),
                  .tensors = std::move(read.tensors),
                  .curves = std::move(read.curves),
                  .labels = std::move(read.labels)};
  if (sha256_of(weights) != read.sha256) {
    throw DataError(fmt::format("'{}' was changed: its content does not agree with its SHA-256",
                                path.string()));
  }
  return weights;
}

std::map<std::string, std::vector<double>> read_curves(const fs::path& path) {
  require_seal(path);
  return read_apart(path, [&] {
    const Hdf5File file(path, Hdf5File::Mode::kRead);
    check_schema(file, path);
    return curves_of(file);
  });
}

bool is_weights_file(const fs::path& path) {
  require_file(path, "weights");
  std::string begin(kHdf5Mark.size(), '\0');
  std::ifstream in = open_for_reading(path);
  return in.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == kHdf5Mark &&
         has_seal(path);
}

std::string sha256_of(const Weights& weights) {
  Sha256 hash;
  hash.update_text(weights.architecture).update_text(weights.config.dump());
  for (const auto& [name, tensor] : weights.tensors) {
    hash.update_text(name).update_text(shape_text(tensor.shape));
    hash.update(std::string_view(reinterpret_cast<const char*>(tensor.values.data()),
                                 tensor.values.size() * sizeof(float)));
  }
  return hash.hex();
}

}  // namespace musicrep

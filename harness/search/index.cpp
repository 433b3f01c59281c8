#include "search/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/hash.h"
#include "formats/npy.h"
#include "musicrep/error.h"
#include "text/words.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr int kSchemaVersion = 1;
constexpr const char* kSchema = "musicrep-index";
constexpr const char* kIndexFile = "index.json";
constexpr const char* kVectorsFile = "vectors.npy";
constexpr const char* kWeightsFile = "weights.h5";

json to_json(const Options& options) {
  json out = json::object();
  for (const auto& [name, value] : options) {
    out[name] = std::visit([](const auto& v) { return json(v); }, value);
  }
  return out;
}

Options options_from(const json& from) {
  Options out;
  for (const auto& [name, value] : from.items()) {
    if (value.is_boolean()) {
      out[name] = value.get<bool>();
    } else if (value.is_number_integer()) {
      out[name] = value.get<std::int64_t>();
    } else if (value.is_number()) {
      out[name] = value.get<double>();
    } else if (value.is_array()) {
      out[name] = value.get<std::vector<std::string>>();
    } else {
      out[name] = value.get<std::string>();
    }
  }
  return out;
}

void require_hash(const fs::path& file, const std::string& expected) {
  const std::string found = sha256_of_file(file);
  if (found != expected) {
    throw DataError(fmt::format("'{}': its SHA-256 is {:.12}, expected {:.12} as {} says",
                                file.string(), found, expected, kIndexFile));
  }
}

}  // namespace

std::vector<float> unit_rows(const Matrix& rows, std::span<const std::string> ids) {
  std::vector<float> out;
  out.reserve(rows.rows() * rows.cols());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double squares = 0;
    for (std::size_t k = 0; k < rows.cols(); ++k) squares += rows.at(i, k) * rows.at(i, k);
    const double norm = std::sqrt(squares);
    if (!std::isfinite(norm) || norm == 0) {
      throw DataError(fmt::format("the vector of item '{}' is zero or not finite", ids[i]));
    }
    for (std::size_t k = 0; k < rows.cols(); ++k) {
      out.push_back(static_cast<float>(rows.at(i, k) / norm));
    }
  }
  return out;
}

void write_index(const fs::path& folder, const SearchIndex& index) {
  std::error_code none;
  if (fs::exists(folder, none) && !fs::exists(folder / kIndexFile, none)) {
    throw DataError(
        fmt::format("'{}' exists and is not an index: choose another --out", folder.string()));
  }
  const fs::path part = folder.string() + ".part";
  fs::remove_all(part, none);
  fs::create_directories(part);
  Matrix vectors(index.ids.size(), index.dim, {index.vectors.begin(), index.vectors.end()});
  constexpr bool kAsFloat32 = true;
  write_npy(part / kVectorsFile, vectors, kAsFloat32);
  json out = {{"schema", kSchema},
              {"schema_version", kSchemaVersion},
              {"encoder", index.encoder},
              {"version", index.version},
              {"label", index.label},
              {"dataset", index.dataset},
              {"space_sha256", index.space_sha256},
              {"frame_space", index.frame_space},
              {"seed", index.seed},
              {"options", to_json(index.options)},
              {"ids", index.ids},
              {"texts", index.texts},
              {"links", index.links},
              {"vectors_sha256", sha256_of_file(part / kVectorsFile)}};
  if (!index.weights.empty()) {
    fs::copy_file(index.weights, part / kWeightsFile);
    out["weights_sha256"] = sha256_of_file(part / kWeightsFile);
  }
  write_text_atomically(part / kIndexFile, out.dump(1));
  fs::remove_all(folder, none);
  fs::rename(part, folder);
}

SearchIndex read_index(const fs::path& folder) {
  const fs::path file = folder / kIndexFile;
  std::error_code none;
  if (!fs::exists(file, none)) {
    throw DataError(fmt::format("'{}' is not an index: found no {}; `musicrep index` writes one",
                                folder.string(), kIndexFile));
  }
  SearchIndex index;
  try {
    const json in = json::parse(read_file(file));
    if (in.at("schema") != kSchema || in.at("schema_version") != kSchemaVersion) {
      throw DataError(fmt::format("'{}': found {} version {}, expected {} version {}",
                                  file.string(), in.at("schema").dump(),
                                  in.at("schema_version").dump(), kSchema, kSchemaVersion));
    }
    index.encoder = in.at("encoder");
    index.version = in.at("version");
    index.label = in.at("label");
    index.dataset = in.at("dataset");
    index.space_sha256 = in.at("space_sha256");
    index.frame_space = in.at("frame_space");
    index.seed = in.at("seed");
    index.options = options_from(in.at("options"));
    index.ids = in.at("ids").get<std::vector<std::string>>();
    index.texts = in.at("texts").get<std::vector<std::string>>();
    index.links = in.at("links").get<std::vector<std::string>>();
    require_hash(folder / kVectorsFile, in.at("vectors_sha256"));
    if (in.contains("weights_sha256")) {
      index.weights = folder / kWeightsFile;
      require_hash(index.weights, in.at("weights_sha256"));
    }
  } catch (const json::exception& e) {
    throw DataError(fmt::format("'{}' is damaged: {}", file.string(), e.what()));
  }
  const Matrix vectors = read_npy(folder / kVectorsFile).to_matrix();
  const std::size_t n = index.ids.size();
  if (vectors.rows() != n || index.texts.size() != n || index.links.size() != n) {
    throw DataError(
        fmt::format("'{}' is damaged: found {} vectors, {} texts and {} links, expected {} each",
                    folder.string(), vectors.rows(), index.texts.size(), index.links.size(), n));
  }
  index.dim = vectors.cols();
  index.vectors.reserve(n * index.dim);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < index.dim; ++k) {
      index.vectors.push_back(static_cast<float>(vectors.at(i, k)));
    }
  }
  return index;
}

void require_space(const SearchIndex& index, const std::string& content_sha256,
                   const fs::path& folder) {
  if (content_sha256 == index.space_sha256) return;
  throw DataError(fmt::format(
      "'{}': its vectors are of the embedding space {:.12}, the encoder '{}' gives {:.12}: they "
      "are not comparable; make the index again",
      folder.string(), index.space_sha256, index.encoder, content_sha256));
}

std::vector<Hit> nearest(const SearchIndex& index, std::span<const double> query, std::size_t n) {
  if (query.size() != index.dim) {
    throw DataError(fmt::format("the query has {} numbers, the index's vectors have {}",
                                query.size(), index.dim));
  }
  double squares = 0;
  for (const double v : query) squares += v * v;
  if (!std::isfinite(squares) || squares == 0) {
    throw DataError("the vector of the query is zero or not finite");
  }
  std::vector<float> unit;
  for (const double v : query) unit.push_back(static_cast<float>(v / std::sqrt(squares)));
  std::vector<float> cosines(index.ids.size());
  constexpr std::size_t kLanes = 16;
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    const float* row = index.vectors.data() + i * index.dim;
    float sums[kLanes] = {};
    std::size_t k = 0;
    for (; k + kLanes <= index.dim; k += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        sums[lane] += row[k + lane] * unit[k + lane];
    }
    float sum = 0;
    for (; k < index.dim; ++k) sum += row[k] * unit[k];
    for (const float lane : sums) sum += lane;
    cosines[i] = sum;
  }
  std::vector<std::size_t> order(cosines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t most = std::min(n, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return cosines[a] != cosines[b] ? cosines[a] > cosines[b] : a < b;
                    });
  std::vector<Hit> out;
  for (std::size_t i = 0; i < most; ++i) {
    out.push_back({order[i], static_cast<double>(cosines[order[i]])});
  }
  return out;
}

std::vector<std::string> unknown_words(const SearchIndex& index, const std::string& query) {
  std::set<std::string> known;
  for (const std::string& text : index.texts) {
    for (std::string& word : words_of(text)) known.insert(std::move(word));
  }
  const std::vector<std::string> words(known.begin(), known.end());
  std::vector<std::string> out;
  for (const std::string& word : words_of(query)) {
    if (known.contains(word)) continue;
    const std::string near = words.empty() ? std::string() : nearest_name(word, words);
    out.push_back(near.empty() ? word : fmt::format("{} (did you mean {}?)", word, near));
  }
  return out;
}

}  // namespace musicrep

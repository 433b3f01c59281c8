// The project's own weights file: tensors, what they are, and where they came from.
//
// HDF5, schema version 1:
//   /                 attributes schema = "musicrep-weights", schema_version, architecture,
//                     content_sha256 (of architecture, config and tensors)
//   /config /source   one JSON object each, as a data set of one text
//   /tensors/NAME     float32, row-major, of the tensor's shape; NAME is dotted, "conv1.weight"
//   /curves/NAME      float64, one dimension
//   /labels/NAME      texts, one dimension
// and a seal behind it (store/seal.h).
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "weights/tensors.h"

namespace musicrep {

/// One network's weights.
struct Weights {
  std::string architecture;  ///< the encoder's registry name
  nlohmann::json config;     ///< an object: what the network is built from (variant, width, ...)
  /// An object: "kind" is "imported" or "trained"; then the file, its SHA-256 and its format, or
  /// the corpus and its hash, the seed, the steps, the objective, the code version.
  nlohmann::json source;
  NamedTensors tensors;
  std::map<std::string, std::vector<double>> curves;       ///< of training: "loss", "step", ...
  std::map<std::string, std::vector<std::string>> labels;  ///< "tags": what the outputs mean
};

/// Writes an HDF5 file with a seal (a SHA-256 of its content), whole or not at all. Throws
/// DataError naming the path where it cannot be written.
void write_weights(const std::filesystem::path& path, const Weights& weights);

/// Reads what write_weights() wrote. Throws DataError naming the file where it is missing,
/// truncated or damaged, or is not a weights file.
Weights read_weights(const std::filesystem::path& path);

/// What read_weights() would give as Weights::curves, without looking at the tensors.
std::map<std::string, std::vector<double>> read_curves(const std::filesystem::path& path);

/// Whether the file looks like one of write_weights(), as no published format does: HDF5 with a
/// seal, which may be broken. Looks at its two ends alone. Throws DataError where it is missing.
bool is_weights_file(const std::filesystem::path& path);

/// SHA-256 over architecture, config, and names, shapes and bits of the tensors: all that can move
/// an output.
std::string sha256_of(const Weights& weights);

}  // namespace musicrep

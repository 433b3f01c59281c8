// The project's own weights file: tensors, what they are, and where they came from.
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
/// truncated or damaged, or is no weights file.
Weights read_weights(const std::filesystem::path& path);

/// Whether the file begins like one of write_weights() (and not like a published format).
bool is_weights_file(const std::filesystem::path& path);

}  // namespace musicrep

// The store of finished steps: one HDF5 file an artefact, under the key of the step that made it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/matrix.h"

namespace musicrep {

/// Pooled or frame-wise vectors of all items of one data set under one encoder.
struct Embeddings {
  std::vector<std::string> ids;      ///< [n] item ids
  Matrix values;                     ///< [sum of frames, dim]; item i owns frames[i] rows
  std::vector<std::int64_t> frames;  ///< [n] rows of each item, at least 1
  /// What a reader of a row on them must know: weights and what they were trained on. Not part of
  /// sha256_of().
  std::vector<std::string> notes = {};
  std::vector<VectorView> views = {};  ///< readings to choose from; empty: a vector is one
};

/// SHA-256 over ids, frame counts, shape, value bits and views.
std::string sha256_of(const Embeddings& embeddings);

/// What is known of a stored artefact without opening its values.
struct ArtefactInfo {
  std::string kind;         ///< "embeddings", "evaluation", "retrieval" or "weights"
  std::string key;          ///< SHA-256 of the step's canonical JSON
  std::string description;  ///< for people: experiment, encoder, data set
  std::filesystem::path path;
  std::uintmax_t bytes = 0;
  std::string made_at;  ///< UTC
};

/// Artefacts in one folder: <root>/<kind>/<key>.h5. A file holds its own key, the JSON that the key
/// is the hash of, and a SHA-256 over its content; a file whose content does not agree is set aside
/// (renamed to <key>.h5.damaged) and counts as missing.
class ArtefactStore {
 public:
  explicit ArtefactStore(std::filesystem::path root);

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  [[nodiscard]] bool has(const std::string& kind, const std::string& key) const;
  void put_embeddings(const std::string& key, const std::string& key_json,
                      const std::string& description, const Embeddings& embeddings) const;
  /// The hash of an artefact's content from when it was stored, for embeddings their sha256_of();
  /// nothing else is read or checked. Empty where missing or not to be opened.
  [[nodiscard]] std::optional<std::string> content_sha256(const std::string& kind,
                                                          const std::string& key) const;
  /// Removes one artefact; nothing where it is not there. Throws DataError.
  void remove(const std::string& kind, const std::string& key) const;

  /// Empty where missing or damaged (then set aside).
  [[nodiscard]] std::optional<Embeddings> get_embeddings(const std::string& key) const;

  /// A text artefact: an evaluated row as canonical JSON, with per-item predictions.
  void put_text(const std::string& kind, const std::string& key, const std::string& key_json,
                const std::string& description, const std::string& text) const;
  [[nodiscard]] std::optional<std::string> get_text(const std::string& kind,
                                                    const std::string& key) const;

  /// <root>/weights/<key>.h5, where a training writes its sealed file.
  [[nodiscard]] std::filesystem::path weights_path(const std::string& key) const;
  /// Whether that file is there and its seal is good; a damaged one is set aside.
  [[nodiscard]] bool has_weights(const std::string& key) const;

  /// All artefacts, sorted by kind and key.
  [[nodiscard]] std::vector<ArtefactInfo> list() const;
  /// Reads every artefact whole; returns one line for each that is damaged, and sets those aside.
  [[nodiscard]] std::vector<std::string> verify() const;
  /// Removes everything (or only what was set aside and temporary files of dead runs); returns the
  /// number of files removed.
  std::size_t clean(bool only_leftovers) const;

 private:
  std::filesystem::path root_;
};

}  // namespace musicrep

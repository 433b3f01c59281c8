// The tasks that AudioSet's labels and ontology define.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "datasets/audioset_ontology.h"
#include "datasets/dataset.h"

namespace musicrep {

/// Which clips belong to which class of a task.
class AudioSetTask {
 public:
  /// `task` is one of names(). Reads class_labels_indices.csv (columns index, mid, display_name)
  /// and ontology.json (a list of {id, name, child_ids}) from `folder`. Throws ConfigError on an
  /// unknown task, DataError naming the file and all that is wrong with it.
  AudioSetTask(const std::string& task, const std::filesystem::path& folder);

  /// "genre10": the ten genres of GTZAN, each a class of the ontology with all its descendants; a
  /// clip of Heavy metal, which is under Rock music, is metal alone. "mood7": the seven
  /// children of Music mood.
  static std::vector<std::string> names();

  /// Target::facet of a task: "genre" or "mood".
  static std::string facet(const std::string& task);

  /// The number of labels in class_labels_indices.csv: 527 in the release.
  [[nodiscard]] std::size_t n_labels() const { return masks_.size(); }

  /// The number of clips of the release's balanced training and evaluation sets that have a class.
  [[nodiscard]] std::size_t n_expected() const { return n_expected_; }

  /// The class of a clip with these labels (each under n_labels()), or nothing where it falls in
  /// none or in more than one.
  [[nodiscard]] std::optional<std::string> class_of(std::span<const std::uint16_t> labels) const;

 private:
  std::size_t n_expected_ = 0;
  std::vector<std::string> classes_;
  std::vector<std::uint32_t> masks_;  // by label: bit c where it belongs to class c
  std::uint32_t overruled_ = 0;       // bit of the class that a clip with `overruling_` is not in
  std::uint32_t overruling_ = 0;
};

/// All labels as tags, for training.
class AudioSetTags {
 public:
  /// `under`: the name of a class; clips without a label there or below it are not wanted. Empty:
  /// all are. Throws as AudioSetTask() does.
  AudioSetTags(const std::string& under, const std::filesystem::path& folder);

  [[nodiscard]] std::size_t n_labels() const { return labels_.size(); }
  [[nodiscard]] bool is_wanted(std::span<const std::uint16_t> labels) const;

  /// A target "absent" or "present" for each label: named by its id, titled as people call it, with
  /// the facet "genre" (all below Music genre), "mood", "instrument" or "other". `wanted_alone`:
  /// only labels that are `under`'s or below it.
  [[nodiscard]] std::vector<Target> targets(
      std::span<const std::vector<std::uint16_t>> labels_of_items, bool wanted_alone = false) const;

 private:
  std::vector<AudioSetLabel> labels_;
  std::vector<std::string> facets_;
  std::vector<bool> wanted_;
};

}  // namespace musicrep

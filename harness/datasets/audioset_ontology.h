// AudioSet's ontology and the list of its labels.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace musicrep {

/// The classes of ontology.json (a list of {id, name, child_ids}), by id.
class AudioSetOntology {
 public:
  /// Throws DataError naming the file and all that is wrong with it.
  explicit AudioSetOntology(std::filesystem::path path);

  /// Ids of the class called `name` and of all below it. Throws DataError naming the file where one
  /// is not there.
  [[nodiscard]] std::set<std::string> with_descendants(const std::string& name) const;

  /// Names of the children of `name`. Throws alike.
  [[nodiscard]] std::vector<std::string> children(const std::string& name) const;

 private:
  struct Node {
    std::string name;
    std::vector<std::string> children;
  };
  [[nodiscard]] const std::string& id_of(const std::string& name) const;
  [[nodiscard]] const Node& node(const std::string& id) const;

  std::filesystem::path path_;
  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, std::string> ids_;  // by name
};

/// One label of class_labels_indices.csv (columns index, mid, display_name).
struct AudioSetLabel {
  std::string id;    ///< of the ontology: "/m/04rlf"
  std::string name;  ///< "Music"
};

/// The labels in the order of their numbers: 527 in the release. Throws DataError listing all that
/// is wrong.
std::vector<AudioSetLabel> read_audioset_labels(const std::filesystem::path& path);

}  // namespace musicrep

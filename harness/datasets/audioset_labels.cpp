#include "datasets/audioset_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "formats/csv.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kGenre10 = "genre10";
constexpr const char* kMood7 = "mood7";
constexpr std::size_t kGenreClips = 952 + 845;
constexpr std::size_t kMoodClips = 401 + 403;
constexpr const char* kMoodRoot = "Music mood";
constexpr const char* kRock = "rock";
constexpr const char* kMetal = "metal";

/// A class of a task and the name of its root in the ontology.
struct ClassRoot {
  std::string name;
  std::string root;
};

const std::vector<ClassRoot>& genre_roots() {
  static const std::vector<ClassRoot> kRoots = {
      {"blues", "Blues"},      {"classical", "Classical music"},
      {"country", "Country"},  {"disco", "Disco"},
      {"jazz", "Jazz"},        {"hiphop", "Hip hop music"},
      {kMetal, "Heavy metal"}, {"pop", "Pop music"},
      {"reggae", "Reggae"},    {kRock, "Rock music"},
  };
  return kRoots;
}

struct Node {
  std::string name;
  std::vector<std::string> children;
};

/// The ontology of AudioSet: nodes by id.
class Ontology {
 public:
  explicit Ontology(const fs::path& path) : path_(path) {
    const nlohmann::json document = nlohmann::json::parse(read_file(path), nullptr, false);
    if (!document.is_array()) {
      throw DataError(
          fmt::format("'{}': found no JSON list, expected AudioSet's ontology", path.string()));
    }
    Problems problems;
    for (std::size_t i = 0; i < document.size(); ++i) {
      try {
        const nlohmann::json& entry = document[i];
        Node node{entry.at("name").get<std::string>(),
                  entry.at("child_ids").get<std::vector<std::string>>()};
        const auto id = entry.at("id").get<std::string>();
        ids_.emplace(node.name, id);
        if (!nodes_.emplace(id, std::move(node)).second) {
          problems.add(fmt::format("entry {}: the id '{}' stands twice", i + 1, id));
        }
      } catch (const nlohmann::json::exception&) {
        problems.add(fmt::format(
            "entry {}: expected the texts 'id' and 'name' and the list of texts 'child_ids'",
            i + 1));
      }
    }
    problems.throw_if_any(fmt::format("'{}':", path.string()));
  }

  /// Ids of `name` and of all below it. Throws DataError naming the file where one is not there.
  [[nodiscard]] std::set<std::string> with_descendants(const std::string& name) const {
    std::set<std::string> found;
    std::vector<std::string> waiting = {id_of(name)};
    while (!waiting.empty()) {
      const std::string id = std::move(waiting.back());
      waiting.pop_back();
      if (!found.insert(id).second) continue;
      const std::vector<std::string>& children = node(id).children;
      waiting.insert(waiting.end(), children.begin(), children.end());
    }
    return found;
  }

  /// Names of the children of `name`.
  [[nodiscard]] std::vector<std::string> children(const std::string& name) const {
    std::vector<std::string> names;
    for (const std::string& id : node(id_of(name)).children) names.push_back(node(id).name);
    return names;
  }

 private:
  [[nodiscard]] const std::string& id_of(const std::string& name) const {
    const auto found = ids_.find(name);
    if (found != ids_.end()) return found->second;
    throw DataError(fmt::format("'{}': found no class named '{}'", path_.string(), name));
  }
  [[nodiscard]] const Node& node(const std::string& id) const {
    const auto found = nodes_.find(id);
    if (found != nodes_.end()) return found->second;
    throw DataError(
        fmt::format("'{}': found no class with the id '{}', which another names as "
                    "its child",
                    path_.string(), id));
  }

  fs::path path_;
  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, std::string> ids_;  // by name
};

/// The ontology's ids in the order of the labels' numbers.
std::vector<std::string> read_label_ids(const fs::path& path) {
  const CsvTable table = read_csv(path);
  const std::size_t index = table.column("index");
  const std::size_t mid = table.column("mid");
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (table.rows.empty() || table.rows.size() > kMost) {
    throw DataError(fmt::format("'{}': found {} labels, expected 1 to {}", path.string(),
                                table.rows.size(), kMost));
  }
  Problems problems;
  std::vector<std::string> ids;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (table.rows[r][index] != std::to_string(r)) {
      problems.add(fmt::format("{}, column 'index': found '{}', expected {}", table.where(r),
                               table.rows[r][index], r));
    }
    ids.push_back(table.rows[r][mid]);
  }
  problems.throw_if_any("AudioSet's labels:");
  return ids;
}

}  // namespace

std::vector<std::string> AudioSetTask::names() { return {kGenre10, kMood7}; }

std::string AudioSetTask::facet(const std::string& task) {
  return task == kMood7 ? "mood" : "genre";
}

AudioSetTask::AudioSetTask(const std::string& task, const fs::path& folder) {
  const std::vector<std::string> known = names();
  if (std::ranges::find(known, task) == known.end()) {
    throw ConfigError(unknown_name("value of labels", task, known));
  }
  const std::vector<std::string> labels = read_label_ids(folder / "class_labels_indices.csv");
  const Ontology ontology(folder / "ontology.json");
  n_expected_ = task == kGenre10 ? kGenreClips : kMoodClips;
  std::vector<ClassRoot> roots;
  if (task == kGenre10) {
    roots = genre_roots();
  } else {
    for (const std::string& name : ontology.children(kMoodRoot)) roots.push_back({name, name});
  }
  if (roots.size() > 32) {
    throw DataError(fmt::format("'{}': found {} children of '{}', expected 7",
                                (folder / "ontology.json").string(), roots.size(), kMoodRoot));
  }
  masks_.resize(labels.size());
  for (std::size_t c = 0; c < roots.size(); ++c) {
    const std::uint32_t bit = 1U << c;
    classes_.push_back(roots[c].name);
    if (roots[c].name == kRock) overruled_ = bit;
    if (roots[c].name == kMetal) overruling_ = bit;
    const std::set<std::string> ids = ontology.with_descendants(roots[c].root);
    bool labelled = false;
    for (std::size_t label = 0; label < labels.size(); ++label) {
      if (!ids.contains(labels[label])) continue;
      masks_[label] |= bit;
      labelled = true;
    }
    if (!labelled) {
      throw DataError(fmt::format("'{}': found no label of '{}' or of what stands under it",
                                  (folder / "class_labels_indices.csv").string(), roots[c].root));
    }
  }
}

std::optional<std::string> AudioSetTask::class_of(std::span<const std::uint16_t> labels) const {
  std::uint32_t mask = 0;
  for (const std::uint16_t label : labels) mask |= masks_.at(label);
  if ((mask & overruling_) != 0) mask &= ~overruled_;
  if (std::popcount(mask) != 1) return std::nullopt;
  return classes_[static_cast<std::size_t>(std::countr_zero(mask))];
}

}  // namespace musicrep

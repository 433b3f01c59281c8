#include "datasets/audioset_ontology.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/files.h"
#include "core/json.h"
#include "formats/csv.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;

AudioSetOntology::AudioSetOntology(fs::path path) : path_(std::move(path)) {
  const nlohmann::json document = parse_bounded_json(read_file(path_));
  if (!document.is_array()) {
    throw DataError(
        fmt::format("'{}': found no JSON list, expected AudioSet's ontology", path_.string()));
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
        problems.add(fmt::format("entry {}: duplicate id '{}'", i + 1, id));
      }
    } catch (const nlohmann::json::exception&) {
      problems.add(fmt::format(
          "entry {}: expected the texts 'id' and 'name' and the list of texts 'child_ids'", i + 1));
    }
  }
  problems.throw_if_any(fmt::format("'{}':", path_.string()));
}

std::set<std::string> AudioSetOntology::with_descendants(const std::string& name) const {
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

std::vector<std::string> AudioSetOntology::children(const std::string& name) const {
  std::vector<std::string> names;
  for (const std::string& id : node(id_of(name)).children) names.push_back(node(id).name);
  return names;
}

const std::string& AudioSetOntology::id_of(const std::string& name) const {
  const auto found = ids_.find(name);
  if (found != ids_.end()) return found->second;
  throw DataError(fmt::format("'{}': found no class named '{}'", path_.string(), name));
}

const AudioSetOntology::Node& AudioSetOntology::node(const std::string& id) const {
  const auto found = nodes_.find(id);
  if (found != nodes_.end()) return found->second;
  throw DataError(
      fmt::format("'{}': found no class with the id '{}', which another names as its child",
                  path_.string(), id));
}

std::vector<AudioSetLabel> read_audioset_labels(const fs::path& path) {
  const CsvTable table = read_csv(path);
  const std::size_t index = table.column("index");
  const std::size_t mid = table.column("mid");
  const std::size_t name = table.column("display_name");
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (table.rows.empty() || table.rows.size() > kMost) {
    throw DataError(fmt::format("'{}': found {} labels, expected 1 to {}", path.string(),
                                table.rows.size(), kMost));
  }
  Problems problems;
  std::vector<AudioSetLabel> labels;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (table.rows[r][index] != std::to_string(r)) {
      problems.add(fmt::format("{}, column 'index': found '{}', expected {}", table.where(r),
                               table.rows[r][index], r));
    }
    labels.push_back({std::string(table.rows[r][mid]), std::string(table.rows[r][name])});
  }
  problems.throw_if_any("AudioSet's labels:");
  return labels;
}

}  // namespace musicrep

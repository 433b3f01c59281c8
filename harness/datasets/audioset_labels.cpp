#include "datasets/audioset_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "core/did_you_mean.h"
#include "datasets/audioset_ontology.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kLabelsFile = "class_labels_indices.csv";
constexpr const char* kOntologyFile = "ontology.json";
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
  const std::vector<AudioSetLabel> labels = read_audioset_labels(folder / kLabelsFile);
  const AudioSetOntology ontology(folder / kOntologyFile);
  n_expected_ = task == kGenre10 ? kGenreClips : kMoodClips;
  std::vector<ClassRoot> roots;
  if (task == kGenre10) {
    roots = genre_roots();
  } else {
    for (const std::string& name : ontology.children(kMoodRoot)) roots.push_back({name, name});
  }
  if (roots.size() > 32) {
    throw DataError(fmt::format("'{}': found {} children of '{}', expected 7",
                                (folder / kOntologyFile).string(), roots.size(), kMoodRoot));
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
      if (!ids.contains(labels[label].id)) continue;
      masks_[label] |= bit;
      labelled = true;
    }
    if (!labelled) {
      throw DataError(fmt::format("'{}': found no label of '{}' or of its descendants",
                                  (folder / kLabelsFile).string(), roots[c].root));
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

AudioSetTags::AudioSetTags(const std::string& under, const fs::path& folder)
    : labels_(read_audioset_labels(folder / kLabelsFile)),
      facets_(labels_.size(), "other"),
      wanted_(labels_.size(), under.empty()) {
  const AudioSetOntology ontology(folder / kOntologyFile);
  const auto each_under = [&](const std::string& root, auto act) {
    const std::set<std::string> ids = ontology.with_descendants(root);
    for (std::size_t label = 0; label < labels_.size(); ++label) {
      if (ids.contains(labels_[label].id)) act(label);
    }
  };
  // The last word is the genres': a label that is under several is one.
  const std::vector<std::pair<const char*, const char*>> facets = {
      {"Musical instrument", "instrument"}, {kMoodRoot, "mood"}, {"Music genre", "genre"}};
  for (const auto& [root, facet] : facets) {
    each_under(root, [&, name = facet](std::size_t label) { facets_[label] = name; });
  }
  if (!under.empty()) {
    each_under(under, [&](std::size_t label) { wanted_[label] = true; });
  }
}

bool AudioSetTags::is_wanted(std::span<const std::uint16_t> labels) const {
  return std::ranges::any_of(labels, [&](std::uint16_t label) { return wanted_.at(label); });
}

std::vector<Target> AudioSetTags::targets(
    std::span<const std::vector<std::uint16_t>> labels_of_items, bool wanted_alone) const {
  std::vector<Target> out;
  for (std::size_t label = 0; label < labels_.size(); ++label) {
    Target target;
    target.name = labels_[label].id;
    target.title = labels_[label].name;
    target.facet = facets_[label];
    target.classes = {"absent", "present"};
    target.values.assign(labels_of_items.size(), 0);
    out.push_back(std::move(target));
  }
  for (std::size_t i = 0; i < labels_of_items.size(); ++i) {
    for (const std::uint16_t label : labels_of_items[i]) out.at(label).values[i] = 1;
  }
  if (!wanted_alone) return out;
  std::vector<Target> wanted;
  for (std::size_t label = 0; label < out.size(); ++label) {
    if (wanted_[label]) wanted.push_back(std::move(out[label]));
  }
  return wanted;
}

}  // namespace musicrep

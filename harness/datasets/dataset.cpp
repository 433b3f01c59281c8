#include "datasets/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <unordered_set>
#include <utility>

#include "core/did_you_mean.h"
#include "core/folder_walk.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/usable_values.h"
#include "core/utf8.h"
#include "datasets/artist_names.h"
#include "datasets/kinds.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

/// Everything ends up in JSON and HDF5, which hold UTF-8 alone.
void check_texts(const Dataset& dataset, Problems& problems) {
  const auto look = [&](const char* what, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (is_utf8(texts[i])) continue;
      problems.add(fmt::format("{} {}: found '{}', which is not UTF-8, expected a text in UTF-8",
                               what, i + 1, escaped_to_utf8(texts[i])));
    }
  };
  look("id of item", dataset.ids);
  look("group of item", dataset.groups);
  look("work of item", dataset.works);
  look("text of item", dataset.texts);
  for (const Target& target : dataset.targets) {
    look("name of a target", {target.name, target.title});
    look("class", target.classes);
  }
}

void check(const Dataset& dataset) {
  const std::size_t n = dataset.ids.size();
  assert(dataset.groups.empty() || dataset.groups.size() == n);
  assert(dataset.splits.empty() || dataset.splits.size() == n);
  assert(dataset.audio.empty() || dataset.audio.size() == n);
  assert(dataset.file_sha256.empty() || dataset.file_sha256.size() == n);
  assert(dataset.texts.empty() || dataset.texts.size() == n);
  assert(!dataset.frames || dataset.frames->size() == n);
  Problems problems;
  if (n == 0) problems.add("found no items, expected at least one");
  check_texts(dataset, problems);
  std::unordered_set<std::string_view> seen;
  seen.reserve(n);
  for (const std::string& id : dataset.ids) {
    if (!seen.insert(id).second) problems.add(fmt::format("duplicate item '{}'", id));
  }
  for (const Target& target : dataset.targets) {
    assert(target.values.size() == n);
    if (target.is_classification()) continue;
    for (const UnusableValue& bad : unusable_values(Matrix(n, 1, target.values))) {
      problems.add(fmt::format("item '{}', target '{}': found {}, expected {}",
                               dataset.ids[bad.row], target.name, bad.value, bad.expected));
    }
  }
  problems.throw_if_any(fmt::format("data set '{}':", dataset.name));
}

/// Classes whose names differ in case alone are mostly one class, written in two ways.
void note_case(Dataset& dataset) {
  for (const Target& target : dataset.targets) {
    std::map<std::string, std::vector<std::size_t>> same;
    for (std::size_t c = 0; c < target.classes.size(); ++c) {
      same[lower_case(target.classes[c])].push_back(c);
    }
    for (const auto& [lower, classes] : same) {
      if (classes.size() < 2) continue;
      std::vector<std::string> parts;
      for (const std::size_t c : classes) {
        parts.push_back(fmt::format("'{}' ({} items)", target.classes[c],
                                    std::ranges::count(target.values, static_cast<double>(c))));
      }
      dataset.notes.push_back(fmt::format(
          "target '{}': the classes {} differ in case alone and are taken as {} classes",
          target.name, fmt::join(parts, ", "), classes.size()));
    }
  }
}

void update_texts(Sha256& sha, const std::vector<std::string>& texts) {
  sha.update_text(std::to_string(texts.size()));
  for (const std::string& text : texts) sha.update_text(text);
}

}  // namespace

const Target& Dataset::target(const std::string& target_name) const {
  std::vector<std::string> known;
  for (const Target& target : targets) {
    if (target.name == target_name) return target;
    known.push_back(target.name);
  }
  throw ConfigError(
      fmt::format("data set '{}': {}", name, unknown_name("target", target_name, known)));
}

Target make_class_target(std::string name, const std::vector<std::string>& names) {
  Target target;
  target.name = std::move(name);
  const std::unordered_set<std::string_view> unique(names.begin(), names.end());
  target.classes.assign(unique.begin(), unique.end());
  std::sort(target.classes.begin(), target.classes.end());
  target.values.reserve(names.size());
  for (const std::string& class_name : names) {
    const auto at = std::lower_bound(target.classes.begin(), target.classes.end(), class_name);
    target.values.push_back(static_cast<double>(at - target.classes.begin()));
  }
  return target;
}

Target make_presence_target(std::string name, const std::vector<bool>& present) {
  Target target;
  target.name = std::move(name);
  target.classes = {"absent", "present"};
  target.values.assign(present.begin(), present.end());
  return target;
}

Dataset select_items(const Dataset& full, std::span<const std::size_t> kept) {
  const auto select = [&](auto& out, const auto& in) {
    out.clear();
    if (in.empty()) return;
    out.reserve(kept.size());
    for (const std::size_t i : kept) out.push_back(in[i]);
  };
  Dataset out = full;
  select(out.ids, full.ids);
  select(out.groups, full.groups);
  select(out.splits, full.splits);
  select(out.audio, full.audio);
  select(out.file_sha256, full.file_sha256);
  select(out.texts, full.texts);
  select(out.works, full.works);
  for (std::size_t t = 0; t < full.targets.size(); ++t) {
    select(out.targets[t].values, full.targets[t].values);
  }
  if (full.frames) out.frames = std::make_shared<FrameTable>(full.frames->select(kept));
  return out;
}

std::string manifest_sha256(const Dataset& dataset) {
  Sha256 sha;
  update_texts(sha, dataset.ids);
  sha.update_text(std::to_string(dataset.targets.size()));
  for (const Target& target : dataset.targets) {
    sha.update_text(target.name);
    update_texts(sha, target.classes);
    sha.update_text(std::to_string(target.values.size()));
    sha.update(target.values);
  }
  update_texts(sha, dataset.groups);
  update_texts(sha, dataset.splits);
  if (!dataset.texts.empty()) update_texts(sha, dataset.texts);
  return sha.hex();
}

const std::vector<DatasetKind>& dataset_kinds() {
  static const std::vector<DatasetKind> kinds = [] {
    std::vector<DatasetKind> all;
    for (const auto* maker : dataset_kind::all_kind_makers()) all.push_back(maker->make());
    std::ranges::sort(all, {}, &DatasetKind::name);
    return all;
  }();
  return kinds;
}

Dataset load_dataset(const std::string& name, const std::string& kind, const Options& options) {
  return load_dataset(dataset_kinds(), name, kind, options);
}

Dataset load_dataset(std::span<const DatasetKind> kinds, const std::string& name,
                     const std::string& kind, const Options& options) {
  std::vector<std::string> known;
  for (const DatasetKind& candidate : kinds) {
    known.push_back(candidate.name);
    if (candidate.name != kind) continue;
    const std::string owner = fmt::format("data set '{}' (kind '{}')", name, kind);
    Dataset dataset = candidate.load(complete_options(owner, candidate.options, options));
    dataset.name = name;
    dataset.kind = kind;
    check(dataset);
    note_case(dataset);
    merge_artists(dataset);
    // They may quote names of files, and results hold UTF-8 alone.
    for (std::string& note : dataset.notes) note = escaped_to_utf8(note);
    if (dataset.n_expected != 0 && dataset.ids.size() != dataset.n_expected) {
      dataset.notes.push_back(
          fmt::format("{} of {} items", dataset.ids.size(), dataset.n_expected));
    }
    return dataset;
  }
  throw ConfigError(
      fmt::format("data set '{}': {}", name, unknown_name("kind of data set", kind, known)));
}

}  // namespace musicrep

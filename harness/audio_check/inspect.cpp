#include "audio_check/inspect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "audio/examine.h"
#include "core/parallel.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr double kWorthTelling = 0.001;  // share of clipped samples
constexpr std::size_t kMostNames = 5;

/// "a, b, c and 4 more".
std::string some_of(const std::vector<std::string>& names) {
  if (names.size() <= kMostNames) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMostNames, ", "),
                     names.size() - kMostNames);
}

std::string channels_text(std::size_t channels) {
  if (channels == 1) return "mono";
  return channels == 2 ? "stereo" : fmt::format("{} channels", channels);
}

void look_at_splits(const Dataset& dataset, DataInspection& found) {
  if (dataset.splits.empty() || dataset.groups.empty()) return;
  std::map<std::string, std::set<std::string>> splits_of;
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (dataset.groups[i].empty() || dataset.splits[i].empty()) continue;
    splits_of[dataset.groups[i]].insert(dataset.splits[i]);
  }
  std::vector<std::string> leaks;
  for (const auto& [group, splits] : splits_of) {
    if (splits.size() < 2) continue;
    leaks.push_back(fmt::format("'{}' ({})", group, fmt::join(splits, ", ")));
  }
  if (leaks.empty()) return;
  found.warnings.push_back(fmt::format("split leak: {} of {} groups are in more than one split: {}",
                                       leaks.size(), splits_of.size(), some_of(leaks)));
}

void look_at_classes(const Dataset& dataset, DataInspection& found) {
  std::vector<std::string> rare;
  for (const Target& target : dataset.targets) {
    if (!target.is_classification()) continue;
    std::vector<std::size_t> counts(target.classes.size());
    for (const double value : target.values) ++counts[static_cast<std::size_t>(value)];
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if (counts[c] != 1) continue;
      rare.push_back(fmt::format("'{}' of '{}'", target.classes[c],
                                 target.title.empty() ? target.name : target.title));
    }
  }
  if (rare.empty()) return;
  found.warnings.push_back(fmt::format(
      "classes of one item, which cannot be both learned and tested: {}", some_of(rare)));
}

void report_audio_faults(const Dataset& dataset,
                         const std::vector<std::optional<AudioExamination>>& facts,
                         DataInspection& found) {
  std::map<std::string, std::vector<std::size_t>> same;
  std::vector<std::string> clipped;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i]) continue;
    const AudioExamination& file = *facts[i];
    AudioSummary& sum = found.audio;
    sum.shortest_s =
        sum.n_files == 0 ? file.duration_s() : std::min(sum.shortest_s, file.duration_s());
    sum.longest_s = std::max(sum.longest_s, file.duration_s());
    ++sum.n_files;
    sum.hours += file.duration_s() / 3600;
    ++sum.formats[fmt::format("{} Hz, {}", file.info.sample_rate_hz,
                              channels_text(file.info.channels))];
    if (file.is_constant) {
      found.errors.push_back(
          fmt::format("item '{}': '{}': every sample is the same, so there is no signal",
                      dataset.ids[i], dataset.audio[i].string()));
      continue;
    }
    if (file.cancels()) {
      found.errors.push_back(fmt::format(
          "item '{}': '{}': its channels cancel each other (one is the inverse of another): mixed to one channel, as most encoders get it, it is silence",
          dataset.ids[i], dataset.audio[i].string()));
    }
    same[file.pcm_sha256].push_back(i);
    if (file.clipped_share >= kWorthTelling) {
      clipped.push_back(fmt::format("'{}' ({:.1f} %)", dataset.ids[i], 100 * file.clipped_share));
    }
  }
  if (!clipped.empty()) {
    found.warnings.push_back(fmt::format(
        "clipped: {} files have {} % or more of their samples at full scale, three or more in a row: {}",
        clipped.size(), 100 * kWorthTelling, some_of(clipped)));
  }
  // In the order of the items, not of the hashes.
  std::map<std::size_t, std::vector<std::string>> twins;
  for (const auto& [hash, items] : same) {
    if (items.size() < 2) continue;
    for (const std::size_t i : items) {
      const std::string split = dataset.splits.empty() ? "" : dataset.splits[i];
      twins[items.front()].push_back(split.empty()
                                         ? fmt::format("'{}'", dataset.ids[i])
                                         : fmt::format("'{}' ({})", dataset.ids[i], split));
    }
  }
  for (const auto& [first, names] : twins) {
    found.warnings.push_back(fmt::format("items {} hold the same samples", some_of(names)));
  }
}

}  // namespace

DataInspection inspect_dataset(const Dataset& dataset, std::size_t jobs,
                               const std::function<void(std::size_t, std::size_t)>& progress) {
  DataInspection found;
  if (dataset.make_audio) dataset.make_audio(jobs, progress);
  std::vector<std::optional<AudioExamination>> facts(dataset.audio.size());
  std::vector<std::string> mistakes(dataset.audio.size());
  const auto examine = [&](std::size_t i) {
    try {
      facts[i] = examine_audio(dataset.audio[i]);
    } catch (const DataError& error) {
      mistakes[i] = fmt::format("item '{}': {}", dataset.ids[i], error.what());
    }
  };
  parallel_for(dataset.audio.size(), jobs, examine, progress);
  for (std::string& mistake : mistakes) {
    if (!mistake.empty()) found.errors.push_back(std::move(mistake));
  }
  report_audio_faults(dataset, facts, found);
  look_at_splits(dataset, found);
  look_at_classes(dataset, found);
  return found;
}

}  // namespace musicrep

#include "planner/make_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/did_you_mean.h"
#include "datasets/tags.h"
#include "evaluation/tag_evaluation.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

std::vector<const Target*> named_targets(const TaskSpec& spec, const Dataset& dataset) {
  std::vector<const Target*> out;
  std::set<std::string> seen;
  for (const std::string& name : spec.targets) {
    if (!seen.insert(name).second) {
      throw ConfigError(
          fmt::format("[task.{}]: the target '{}' is listed more than once", spec.name, name));
    }
    out.push_back(&dataset.target(name));
  }
  return out;
}

std::vector<const Target*> tags_of(const TaskSpec& spec, const Dataset& dataset) {
  std::vector<const Target*> out = named_targets(spec, dataset);
  for (const Target* target : out) {
    if (is_tag(*target)) continue;
    throw ConfigError(
        fmt::format("[task.{}]: '{}' is not a tag of the data set '{}'; expected "
                    "tags alone where tags = true",
                    spec.name, target->name, dataset.name));
  }
  if (!out.empty()) return out;
  for (const Target& target : dataset.targets) {
    if (is_tag(target)) out.push_back(&target);
  }
  if (out.empty()) {
    throw ConfigError(
        fmt::format("[task.{}]: the data set '{}' has no tags", spec.name, dataset.name));
  }
  return out;
}

/// Where fewer items than asked for have the tag, or lack it: "31 with it in the split 'test'".
/// Counted in the splits train and test where the data set has them, else in all items.
std::string shortage(const Target& tag, const Dataset& dataset, std::size_t least) {
  struct Count {
    std::size_t with = 0;
    std::size_t without = 0;
  };
  const auto count = [&](const std::string& split) {
    Count out;
    for (std::size_t i = 0; i < tag.values.size(); ++i) {
      if (!split.empty() && dataset.splits[i] != split) continue;
      ++(tag.values[i] > 0.5 ? out.with : out.without);
    }
    return out;
  };
  std::vector<std::string> parts;
  for (const std::string split : {"train", "test"}) {
    if (std::ranges::find(dataset.splits, split) != dataset.splits.end()) parts.push_back(split);
  }
  if (parts.empty()) parts.emplace_back();
  for (const std::string& part : parts) {
    const Count of = count(part);
    if (of.with >= least && of.without >= least) continue;
    return fmt::format("{} {} it{}", std::min(of.with, of.without),
                       of.with < least ? "with" : "without",
                       part.empty() ? "" : fmt::format(" in the split '{}'", part));
  }
  return {};
}

void add_tags(const TaskSpec& spec, const Dataset& dataset, Task& task) {
  const std::vector<const Target*> all = tags_of(spec, dataset);
  std::vector<std::string> left_out;
  for (const Target* tag : all) {
    const std::string few = shortage(*tag, dataset, spec.min_positives);
    if (few.empty()) {
      task.targets.push_back(tag);
    } else {
      left_out.push_back(
          fmt::format("'{}' ({})", tag->title.empty() ? tag->name : tag->title, few));
    }
  }
  if (left_out.empty()) return;
  const std::string text = fmt::format("at least {} items with and without a tag are asked for; {}",
                                       spec.min_positives, left_out_text(left_out, all.size()));
  if (task.targets.empty()) throw ConfigError(fmt::format("[task.{}]: {}", spec.name, text));
  task.notes.push_back(text);
}

void add_targets(const TaskSpec& spec, const Dataset& dataset, Task& task) {
  task.targets = named_targets(spec, dataset);
  for (const Target* target : task.targets) {
    if (task.targets.size() > 1 && target->is_classification()) {
      throw ConfigError(fmt::format(
          "[task.{}]: '{}' is a class; a task has one class target, or one or more numbers{}",
          spec.name, target->name, is_tag(*target) ? ", or tags with tags = true" : ""));
    }
  }
}

}  // namespace

Task make_task(const TaskSpec& spec, const Dataset& dataset) {
  Task task;
  task.name = spec.name;
  task.dataset = &dataset;
  task.tagging = spec.tagging;
  if (spec.tagging) {
    add_tags(spec, dataset, task);
  } else {
    add_targets(spec, dataset, task);
  }
  if (spec.metric.empty()) return task;
  const std::vector<std::string> known = metric_names(task.target_kind());
  if (std::ranges::find(known, spec.metric) == known.end()) {
    throw ConfigError(fmt::format("[task.{}]: {}", spec.name,
                                  unknown_name("metric for such targets", spec.metric, known)));
  }
  const Metric& metric = metric_named(spec.metric);
  // The default by its name is the default: the same key.
  if (&metric != &task.scored_by()) task.metric = &metric;
  return task;
}

}  // namespace musicrep

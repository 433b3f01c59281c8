#include "protocols/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <numeric>
#include <set>

#include "core/random.h"
#include "musicrep/error.h"
#include "protocols/folds.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

class Planner {
 public:
  /// Several targets are tags.
  Planner(const Protocol& protocol, const Dataset& dataset, const Target& target,
          std::span<const Target* const> tags = {})
      : protocol_(protocol), dataset_(dataset), target_(target), tags_(tags) {
    if (protocol.outer_folds.grouped || protocol.inner_folds.grouped) {
      groups_ = group_numbers(dataset.groups);
    }
  }

  FoldPlan plan() {
    check_splits();
    const Items items = ordered_items(0);
    FoldPlan plan;
    plan.held_out = protocol_.outer != OuterKind::kNone;
    const bool outer_is_folds = protocol_.outer == OuterKind::kFolds ||
                                (protocol_.outer == OuterKind::kSplitOrFolds && !has_split("test"));
    plan.grouped = !dataset_.groups.empty() && ((outer_is_folds && protocol_.outer_folds.grouped) ||
                                                protocol_.inner_folds.grouped);
    switch (protocol_.outer) {
      case OuterKind::kNone:
        plan.outer.push_back({items, {}, inner_folds(items)});
        break;
      case OuterKind::kFolds:
        plan.n_repeats = static_cast<std::size_t>(protocol_.repeats);
        for (std::size_t repeat = 0; repeat < plan.n_repeats; ++repeat) {
          for (OuterFold& fold : outer_folds(ordered_items(repeat), repeat)) {
            plan.outer.push_back(std::move(fold));
          }
        }
        break;
      case OuterKind::kSplit:
        plan.outer.push_back(from_split(items));
        break;
      case OuterKind::kSplitOrFolds:
        if (has_split("test")) {
          plan.outer.push_back(from_split(items));
        } else {
          plan.outer = outer_folds(items, 0);
        }
        break;
    }
    check_folds(plan);
    return plan;
  }

 private:
  [[nodiscard]] bool has_split(const std::string& name) const {
    return std::ranges::find(dataset_.splits, name) != dataset_.splits.end();
  }

  void check_splits() const {
    Problems problems;
    for (const auto& [split, wanted] : protocol_.required_items) {
      const auto found = std::ranges::count(dataset_.splits, split);
      if (found != wanted) {
        problems.add(
            fmt::format("'{}' holds {} items, the protocol needs its {}", split, found, wanted));
      }
    }
    for (const std::string& split : protocol_.splits) {
      if (!has_split(split)) problems.add(fmt::format("the data set has no split '{}'", split));
    }
    if (protocol_.outer == OuterKind::kSplit && problems.empty()) {
      std::vector<std::string> needed = {"train", "test"};
      if (protocol_.inner == InnerKind::kValidation) needed.emplace_back("valid");
      for (const std::string& split : needed) {
        if (!has_split(split)) problems.add(fmt::format("the data set has no split '{}'", split));
      }
    }
    problems.throw_if_any(
        fmt::format("protocol '{}' cannot be run on '{}':", protocol_.name, dataset_.name));
  }

  [[nodiscard]] bool takes_part(std::uint32_t item) const {
    return protocol_.splits.empty() ||
           std::ranges::find(protocol_.splits, dataset_.splits[item]) != protocol_.splits.end();
  }

  [[nodiscard]] Items ordered_items(std::size_t repeat) const {
    Items all(dataset_.ids.size());
    std::iota(all.begin(), all.end(), std::uint32_t{0});
    Items items;
    std::ranges::copy_if(all, std::back_inserter(items), [&](auto i) { return takes_part(i); });
    if (!protocol_.permute_by_class) return items;
    Random random(protocol_.permutation_seed + repeat);
    const Items unordered = items;
    const auto order = permutation(items.size(), random);
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = unordered[order[i]];
    if (has_classes()) {
      std::ranges::stable_sort(items, {}, [&](std::uint32_t i) { return target_.values[i]; });
    }
    return items;
  }

  [[nodiscard]] std::vector<int> folds_of(const FoldRule& rule, const Items& items) const {
    std::vector<int> classes;
    std::vector<std::uint32_t> groups;
    for (const std::uint32_t i : items) {
      if (has_classes()) classes.push_back(static_cast<int>(target_.values[i]));
      if (!groups_.empty()) groups.push_back(groups_[i]);
    }
    try {
      if (!tags_.empty() && rule.stratify) {
        return assign_tag_folds(rule, places_with_tags(items), items.size(), groups);
      }
      return assign_folds(rule, items.size(), classes, target_.classes, groups);
    } catch (const DataError& error) {
      throw DataError(fmt::format("protocol '{}' on '{}', {}: {}", protocol_.name, dataset_.name,
                                  what_is_tested(), error.what()));
    }
  }

  [[nodiscard]] bool has_classes() const { return tags_.empty() && target_.is_classification(); }

  /// Of each tag the places among `items` of those that have it.
  [[nodiscard]] std::vector<Items> places_with_tags(const Items& items) const {
    std::vector<Items> out(tags_.size());
    for (std::size_t t = 0; t < tags_.size(); ++t) {
      for (std::uint32_t k = 0; k < items.size(); ++k) {
        if (tags_[t]->values[items[k]] > 0.5) out[t].push_back(k);
      }
    }
    return out;
  }

  static Split split_at(const Items& items, const std::vector<int>& folds, int tested) {
    Split split;
    for (std::size_t i = 0; i < items.size(); ++i) {
      (folds[i] == tested ? split.test : split.train).push_back(items[i]);
    }
    return split;
  }

  [[nodiscard]] std::vector<Split> inner_folds(const Items& items) const {
    if (protocol_.inner != InnerKind::kFolds) return {};
    const std::vector<int> folds = folds_of(protocol_.inner_folds, items);
    std::vector<Split> splits;
    splits.reserve(static_cast<std::size_t>(protocol_.inner_folds.n));
    for (int fold = 0; fold < protocol_.inner_folds.n; ++fold) {
      splits.push_back(split_at(items, folds, fold));
    }
    return splits;
  }

  [[nodiscard]] std::vector<OuterFold> outer_folds(const Items& items, std::size_t repeat) const {
    FoldRule rule = protocol_.outer_folds;
    if (rule.shuffle) rule.seed += static_cast<std::uint32_t>(repeat);
    const std::vector<int> folds = folds_of(rule, items);
    std::vector<OuterFold> outer;
    for (int fold = 0; fold < rule.n; ++fold) {
      Split split = split_at(items, folds, fold);
      std::vector<Split> inner;
      if (protocol_.inner == InnerKind::kNextFold) {
        const int chooser = (fold + 1) % rule.n;
        Split choice;
        for (std::size_t i = 0; i < items.size(); ++i) {
          if (folds[i] == fold) continue;
          (folds[i] == chooser ? choice.test : choice.train).push_back(items[i]);
        }
        inner.push_back(std::move(choice));
      } else {
        inner = inner_folds(split.train);
      }
      outer.push_back({std::move(split.train), std::move(split.test), std::move(inner), repeat});
    }
    return outer;
  }

  [[nodiscard]] OuterFold from_split(const Items& items) const {
    OuterFold outer;
    Split choice;
    for (const std::uint32_t i : items) {
      const std::string& split = dataset_.splits[i];
      if (split == "test") {
        outer.test.push_back(i);
      } else if (std::ranges::find(protocol_.learn_from, split) != protocol_.learn_from.end()) {
        outer.train.push_back(i);
        (split == "valid" ? choice.test : choice.train).push_back(i);
      }
    }
    if (protocol_.inner == InnerKind::kValidation) {
      outer.inner.push_back(std::move(choice));
    } else {
      outer.inner = inner_folds(outer.train);
    }
    return outer;
  }

  void check_folds(const FoldPlan& plan) const {
    Problems problems;
    const auto check = [&](const Items& train, const Items& test, const std::string& where) {
      if (train.empty() || test.empty()) {
        problems.add(
            fmt::format("{}: the {} part is empty", where, train.empty() ? "training" : "test"));
        return;
      }
      if (!has_classes()) return;
      std::map<double, std::set<std::string>> missing;
      std::set<double> learned;
      for (const std::uint32_t i : train) learned.insert(target_.values[i]);
      for (const std::uint32_t i : test) {
        if (learned.contains(target_.values[i])) continue;
        std::set<std::string>& groups = missing[target_.values[i]];
        if (!dataset_.groups.empty() && !dataset_.groups[i].empty()) {
          groups.insert(dataset_.groups[i]);
        }
      }
      if (learned.size() < 2) {
        problems.add(fmt::format("{}: the training part has one class alone, '{}'", where,
                                 target_.classes[static_cast<std::size_t>(*learned.begin())]));
      }
      for (const auto& [value, groups] : missing) {
        const std::string& name = target_.classes[static_cast<std::size_t>(value)];
        problems.add(
            fmt::format("{}: class '{}' is tested but not among the training items{}", where, name,
                        plan.grouped && !groups.empty()
                            ? fmt::format("; its items belong to group '{}', which cannot be split",
                                          fmt::join(groups, "', '"))
                            : ""));
      }
    };
    for (std::size_t o = 0; o < plan.outer.size(); ++o) {
      const OuterFold& fold = plan.outer[o];
      const std::string name = fmt::format("fold {}", o + 1);
      if (plan.held_out) check(fold.train, fold.test, name);
      for (std::size_t k = 0; k < fold.inner.size(); ++k) {
        check(fold.inner[k].train, fold.inner[k].test,
              fmt::format("{}, inner fold {}", name, k + 1));
      }
    }
    problems.throw_if_any(fmt::format("protocol '{}' cannot be run on '{}', {}:", protocol_.name,
                                      dataset_.name, what_is_tested()));
  }

  [[nodiscard]] std::string what_is_tested() const {
    return tags_.empty() ? fmt::format("target '{}'", target_.name)
                         : fmt::format("{} tags", tags_.size());
  }

  const Protocol& protocol_;
  const Dataset& dataset_;
  const Target& target_;
  std::span<const Target* const> tags_;
  std::vector<std::uint32_t> groups_;  // where some folds keep them together
};

}  // namespace

std::set<std::uint32_t> tested_items(const FoldPlan& plan) {
  std::set<std::uint32_t> out;
  for (const OuterFold& fold : plan.outer) {
    out.insert(fold.test.begin(), fold.test.end());
    if (plan.held_out) continue;
    for (const Split& inner : fold.inner) out.insert(inner.test.begin(), inner.test.end());
  }
  return out;
}

FoldPlan plan_folds(const Protocol& protocol, const Dataset& dataset, const Target& target) {
  return Planner(protocol, dataset, target).plan();
}

FoldPlan plan_tag_folds(const Protocol& protocol, const Dataset& dataset,
                        std::span<const Target* const> tags) {
  assert(!tags.empty());
  return Planner(protocol, dataset, *tags.front(), tags).plan();
}

std::string tag_obstacle(const FoldPlan& plan, const Target& tag) {
  const auto missing = [&](const Items& items) -> const char* {
    const auto n_with = std::ranges::count_if(items, [&](auto i) { return tag.values[i] > 0.5; });
    if (n_with == 0) return "no {} item has it";
    return static_cast<std::size_t>(n_with) == items.size() ? "every {} item has it" : nullptr;
  };
  const auto look = [&](const Items& items, const std::string& fold, const char* part) {
    const char* text = missing(items);
    return text == nullptr ? "" : fold + ": " + fmt::format(fmt::runtime(text), part);
  };
  for (std::size_t o = 0; o < plan.outer.size(); ++o) {
    const OuterFold& fold = plan.outer[o];
    const std::string name = fmt::format("fold {}", o + 1);
    std::string found;
    if (plan.held_out) {
      found = look(fold.train, name, "training");
      if (found.empty()) found = look(fold.test, name, "tested");
    }
    for (std::size_t k = 0; k < fold.inner.size() && found.empty(); ++k) {
      const std::string inner = fmt::format("{}, inner fold {}", name, k + 1);
      found = look(fold.inner[k].train, inner, "training");
      if (found.empty()) found = look(fold.inner[k].test, inner, "tested");
    }
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace musicrep

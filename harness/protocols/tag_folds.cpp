// Folds of items with several labels: iterative stratification.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "musicrep/error.h"
#include "protocols/folds.h"

namespace musicrep {
namespace {

/// Items that stay together, with how many of them have each tag that is there.
struct Unit {
  std::vector<std::uint32_t> items;
  std::vector<std::pair<std::size_t, double>> tags;  ///< tag, items that have it
  int fold = -1;
};

std::vector<Unit> units_of(std::size_t n, std::span<const std::uint32_t> groups) {
  std::vector<Unit> units;
  std::unordered_map<std::uint32_t, std::size_t> unit_of_group;
  for (std::uint32_t i = 0; i < n; ++i) {
    std::size_t unit = units.size();
    if (!groups.empty()) unit = unit_of_group.try_emplace(groups[i], units.size()).first->second;
    if (unit == units.size()) units.emplace_back();
    units[unit].items.push_back(i);
  }
  return units;
}

/// What each fold lacks of each tag, and of items.
class TagFolds {
 public:
  TagFolds(std::vector<Unit> units, std::span<const std::vector<std::uint32_t>> with_tag,
           std::size_t n, std::size_t n_folds)
      : units_(std::move(units)),
        n_folds_(n_folds),
        lacking_(with_tag.size()),
        units_with_(with_tag.size()),
        left_(with_tag.size()),
        lacking_items_(n_folds, static_cast<double>(n) / static_cast<double>(n_folds)) {
    std::vector<std::size_t> unit_of(n);
    for (std::size_t u = 0; u < units_.size(); ++u) {
      for (const std::uint32_t i : units_[u].items) unit_of[i] = u;
    }
    for (std::size_t t = 0; t < with_tag.size(); ++t) {
      std::vector<double> count(units_.size());
      for (const std::uint32_t i : with_tag[t]) count[unit_of[i]] += 1;
      left_[t] = static_cast<double>(with_tag[t].size());
      lacking_[t].assign(n_folds, left_[t] / static_cast<double>(n_folds));
      for (std::size_t u = 0; u < units_.size(); ++u) {
        if (count[u] == 0) continue;
        units_[u].tags.emplace_back(t, count[u]);
        units_with_[t].push_back(u);
      }
      std::ranges::stable_sort(units_with_[t], std::greater{}, [&](auto u) { return count[u]; });
    }
  }

  std::vector<Unit> assigned() {
    for (std::size_t t = rarest(); t < left_.size(); t = rarest()) {
      for (const std::size_t u : units_with_[t]) {
        if (units_[u].fold < 0) put(units_[u], neediest(lacking_[t]));
      }
    }
    const std::vector<double> none(n_folds_);
    for (Unit& unit : units_) {
      if (unit.fold < 0) put(unit, neediest(none));
    }
    return std::move(units_);
  }

 private:
  /// The tag with the fewest items left; left_.size() where no tag has any.
  [[nodiscard]] std::size_t rarest() const {
    std::size_t best = left_.size();
    for (std::size_t t = 0; t < left_.size(); ++t) {
      if (left_[t] > 0 && (best == left_.size() || left_[t] < left_[best])) best = t;
    }
    return best;
  }

  [[nodiscard]] std::size_t neediest(const std::vector<double>& lacking) const {
    std::size_t best = 0;
    for (std::size_t f = 1; f < n_folds_; ++f) {
      if (lacking[f] > lacking[best] ||
          (lacking[f] == lacking[best] && lacking_items_[f] > lacking_items_[best])) {
        best = f;
      }
    }
    return best;
  }

  void put(Unit& unit, std::size_t fold) {
    unit.fold = static_cast<int>(fold);
    lacking_items_[fold] -= static_cast<double>(unit.items.size());
    for (const auto& [tag, count] : unit.tags) {
      lacking_[tag][fold] -= count;
      left_[tag] -= count;
    }
  }

  std::vector<Unit> units_;
  std::size_t n_folds_;
  std::vector<std::vector<double>> lacking_;          // [tags][folds]
  std::vector<std::vector<std::size_t>> units_with_;  // [tags], most items first
  std::vector<double> left_;                          // [tags] items in units without a fold
  std::vector<double> lacking_items_;                 // [folds]
};

}  // namespace

std::vector<int> assign_tag_folds(const FoldRule& rule,
                                  std::span<const std::vector<std::uint32_t>> with_tag,
                                  std::size_t n, std::span<const std::uint32_t> groups) {
  const auto k = static_cast<std::size_t>(rule.n);
  if (rule.shuffle) {
    throw DataError(
        "folds cannot be made: folds of several tags are stratified in the order of the items and "
        "not shuffled; expected a protocol without shuffle, such as tagging-nested");
  }
  std::vector<Unit> units = units_of(n, rule.grouped ? groups : std::span<const std::uint32_t>{});
  if (units.size() < k) {
    throw DataError(fmt::format("folds cannot be made: {} {} for {} folds", units.size(),
                                rule.grouped && !groups.empty() ? "groups" : "items", k));
  }
  std::vector<int> folds(n);
  for (const Unit& unit : TagFolds(std::move(units), with_tag, n, k).assigned()) {
    for (const std::uint32_t i : unit.items) folds[i] = unit.fold;
  }
  for (int fold = 0; fold < rule.n; ++fold) {
    if (std::ranges::find(folds, fold) != folds.end()) continue;
    throw DataError(
        fmt::format("folds cannot be made: fold {} of {} would be empty", fold + 1, rule.n));
  }
  return folds;
}

}  // namespace musicrep

#include "protocols/folds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "core/planted_fault.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

std::vector<int> plain_folds(const FoldRule& rule, std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::uint32_t seed = fault_planted("shuffled_folds") ? rule.seed + 1 : rule.seed;
  if (rule.shuffle) NumpyRandomState(seed).shuffle(order);
  // The first n % k folds have one item more.
  const auto k = static_cast<std::size_t>(rule.n);
  std::vector<int> folds(n);
  std::size_t at = 0;
  for (std::size_t fold = 0; fold < k; ++fold) {
    const std::size_t size = n / k + (fold < n % k ? 1 : 0);
    for (std::size_t i = 0; i < size; ++i) folds[order[at++]] = static_cast<int>(fold);
  }
  return folds;
}

std::vector<int> stratified_folds(const FoldRule& rule, std::span<const int> classes,
                                  std::span<const std::string> class_names) {
  // Classes are numbered by first appearance, then distributed in sorted order: fold i of a class
  // gets as many items as are at i, i + k, … of the sorted list.
  const auto k = static_cast<std::size_t>(rule.n);
  std::map<int, std::size_t> number;
  std::vector<std::size_t> encoded;
  for (const int c : classes) encoded.push_back(number.try_emplace(c, number.size()).first->second);
  std::vector<std::size_t> counts(number.size());
  for (const std::size_t c : encoded) ++counts[c];
  Problems problems;
  for (const auto& [c, position] : number) {
    if (counts[position] < k) {
      problems.add(fmt::format("class '{}' has {} items, fewer than the {} folds",
                               class_names[static_cast<std::size_t>(c)], counts[position], k));
    }
  }
  problems.throw_if_any("folds cannot be made:");
  std::vector<std::size_t> sorted = encoded;
  std::ranges::sort(sorted);
  std::vector<std::vector<std::size_t>> allocation(k, std::vector<std::size_t>(number.size()));
  for (std::size_t i = 0; i < sorted.size(); ++i) ++allocation[i % k][sorted[i]];

  std::vector<int> folds(classes.size());
  NumpyRandomState random(rule.seed);
  for (std::size_t c = 0; c < number.size(); ++c) {
    std::vector<int> of_class;
    for (std::size_t fold = 0; fold < k; ++fold) {
      of_class.insert(of_class.end(), allocation[fold][c], static_cast<int>(fold));
    }
    if (rule.shuffle) random.shuffle(of_class);
    std::size_t at = 0;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      if (encoded[i] == c) folds[i] = of_class[at++];
    }
  }
  return folds;
}

// Renumbers groups in order of first appearance: it decides between groups that are alike.
std::vector<std::size_t> in_order_of_appearance(std::span<const std::uint32_t> groups,
                                                std::size_t& n_groups) {
  constexpr std::size_t kNew = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> number(std::size_t{std::ranges::max(groups)} + 1, kNew);
  std::vector<std::size_t> out;
  out.reserve(groups.size());
  n_groups = 0;
  for (const std::uint32_t group : groups) {
    if (number[group] == kNew) number[group] = n_groups++;
    out.push_back(number[group]);
  }
  return out;
}

double in_order(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// NumPy's sum over contiguous values: eight running sums, halved above 128. Two groups or folds
// that are alike differ in the last bit alone, which then decides between them: the order of
// summation is part of scikit-learn's rule.
double numpy_sum(std::span<const double> values) {
  const std::size_t n = values.size();
  if (n < 8) return in_order(values);
  if (n > 128) {
    const std::size_t half = n / 2 - n / 2 % 8;
    return numpy_sum(values.first(half)) + numpy_sum(values.subspan(half));
  }
  double r[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) r[lane] += values[i + lane];
  }
  double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; ++i) sum += values[i];
  return sum;
}

double standard_deviation(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = numpy_sum(values) / n;
  std::vector<double> squares;
  squares.reserve(values.size());
  for (const double v : values) squares.push_back((v - mean) * (v - mean));
  return std::sqrt(numpy_sum(squares) / n);
}

/// Groups by falling size, each into the emptiest fold (scikit-learn's GroupKFold).
std::vector<int> folds_by_size(std::span<const std::size_t> group, std::size_t n_groups,
                               std::size_t k) {
  std::vector<std::size_t> order(n_groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::size_t> size(n_groups);
  for (const std::size_t g : group) ++size[g];
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t g) { return size[g]; });
  std::vector<int> fold_of_group(n_groups);
  std::vector<std::size_t> load(k);
  for (const std::size_t g : order) {
    const auto fold = static_cast<std::size_t>(std::ranges::min_element(load) - load.begin());
    load[fold] += size[g];
    fold_of_group[g] = static_cast<int>(fold);
  }
  return fold_of_group;
}

/// Groups by falling spread of their classes, each into the fold that leaves the classes' shares
/// most even (scikit-learn's StratifiedGroupKFold, in the order of its sums).
class StratifiedGroups {
 public:
  StratifiedGroups(std::span<const int> classes, std::span<const std::size_t> group,
                   std::size_t n_groups, std::size_t k)
      : n_groups_(n_groups), k_(k), load_total_(k) {
    std::map<int, std::size_t> number;  // of the classes that are present
    for (const int c : classes) number.try_emplace(c, 0);
    for (auto& [c, position] : number) position = n_classes_++;
    counts_.resize(n_groups * n_classes_);
    total_.resize(n_classes_);
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const std::size_t c = number[classes[i]];
      ++count(group[i])[c];
      ++total_[c];
    }
    load_.assign(k, std::vector<double>(n_classes_));
    as_it_is_.resize(n_classes_);
  }

  std::vector<int> folds() {
    std::vector<double> spread(n_groups_);
    for (std::size_t g = 0; g < n_groups_; ++g) spread[g] = standard_deviation(count(g));
    std::vector<std::size_t> order(n_groups_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t g) { return spread[g]; });
    std::vector<int> out(n_groups_);
    for (const std::size_t g : order) {
      look_at(g);
      const std::size_t best = best_fold(g);
      put_unevenness(g, best, as_it_is_);
      for (const std::size_t c : present_) {
        load_[best][c] += count(g)[c];
        load_total_[best] += count(g)[c];
      }
      out[g] = static_cast<int>(best);
    }
    return out;
  }

 private:
  std::span<double> count(std::size_t g) {
    return std::span(counts_).subspan(g * n_classes_, n_classes_);
  }

  // Most groups lack most classes, which are then as uneven as they were. Of the others: their
  // shares by fold, with the group nowhere.
  void look_at(std::size_t g) {
    present_.clear();
    for (std::size_t c = 0; c < n_classes_; ++c) {
      if (count(g)[c] != 0) present_.push_back(c);
    }
    shares_.clear();
    for (std::size_t f = 0; f < k_; ++f) {
      for (const std::size_t c : present_) shares_.push_back(load_[f][c] / total_[c]);
    }
    shares_with_.resize(present_.size());
  }

  // Of the classes of the group that was looked at, in `fold`. All of them are taken a step further
  // together, because sums in order wait for each other.
  void put_unevenness(std::size_t g, std::size_t fold, std::vector<double>& out) {
    const std::size_t n = present_.size();
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t c = present_[j];
      shares_with_[j] = (load_[fold][c] + count(g)[c]) / total_[c];
    }
    const auto of_fold = [&](std::size_t f) {
      return f == fold ? shares_with_.data() : shares_.data() + f * n;
    };
    mean_.assign(n, 0);
    sum_.assign(n, 0);
    for (std::size_t f = 0; f < k_; ++f) {
      const double* share = of_fold(f);
      for (std::size_t j = 0; j < n; ++j) mean_[j] += share[j];
    }
    for (double& v : mean_) v /= static_cast<double>(k_);
    for (std::size_t f = 0; f < k_; ++f) {
      const double* share = of_fold(f);
      for (std::size_t j = 0; j < n; ++j) {
        sum_[j] += (share[j] - mean_[j]) * (share[j] - mean_[j]);
      }
    }
    for (std::size_t j = 0; j < n; ++j) {
      out[present_[j]] = std::sqrt(sum_[j] / static_cast<double>(k_));
    }
  }

  std::size_t best_fold(std::size_t g) {
    std::vector<double> of_class = as_it_is_;
    double best_unevenness = std::numeric_limits<double>::infinity();
    double best_load = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    for (std::size_t fold = 0; fold < k_; ++fold) {
      put_unevenness(g, fold, of_class);
      const double unevenness = numpy_sum(of_class) / static_cast<double>(n_classes_);
      // Equal up to rounding (numpy.isclose): the emptier fold.
      const bool close = std::abs(unevenness - best_unevenness) <= 1e-8 + 1e-5 * best_unevenness;
      if (unevenness < best_unevenness || (close && load_total_[fold] < best_load)) {
        best_unevenness = unevenness;
        best_load = load_total_[fold];
        best = fold;
      }
    }
    return best;
  }

  std::size_t n_groups_;
  std::size_t k_;
  std::size_t n_classes_ = 0;
  std::vector<double> counts_;  // [n_groups, n_classes]
  std::vector<double> total_;   // [n_classes]
  std::vector<std::vector<double>> load_;
  std::vector<double> load_total_;
  std::vector<double> as_it_is_;  // unevenness of each class with the groups so far
  std::vector<std::size_t> present_;
  std::vector<double> shares_;
  std::vector<double> shares_with_;
  std::vector<double> mean_;
  std::vector<double> sum_;
};

std::vector<int> grouped_folds(const FoldRule& rule, std::span<const int> classes,
                               std::span<const std::uint32_t> groups) {
  const auto k = static_cast<std::size_t>(rule.n);
  std::size_t n_groups = 0;
  const std::vector<std::size_t> group = in_order_of_appearance(groups, n_groups);
  if (n_groups < k) {
    throw DataError(fmt::format(
        "folds cannot be made: there are {} groups, fewer than the {} folds", n_groups, k));
  }
  const std::vector<int> fold_of_group =
      classes.empty() ? folds_by_size(group, n_groups, k)
                      : StratifiedGroups(classes, group, n_groups, k).folds();
  std::vector<int> folds;
  for (const std::size_t g : group) folds.push_back(fold_of_group[g]);
  return folds;
}

}  // namespace

std::vector<std::uint32_t> group_numbers(std::span<const std::string> groups) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> out;
  out.reserve(groups.size());
  std::uint32_t n_groups = 0;
  for (const std::string& group : groups) {
    if (group.empty()) {
      out.push_back(n_groups++);
      continue;
    }
    const auto [at, is_new] = numbers.try_emplace(group, n_groups);
    if (is_new) ++n_groups;
    out.push_back(at->second);
  }
  return out;
}

std::vector<int> assign_folds(const FoldRule& rule, std::size_t n, std::span<const int> classes,
                              std::span<const std::string> class_names,
                              std::span<const std::uint32_t> groups) {
  if (n < static_cast<std::size_t>(rule.n)) {
    throw DataError(fmt::format("folds cannot be made: {} items for {} folds", n, rule.n));
  }
  const std::span<const int> strata = rule.stratify ? classes : std::span<const int>{};
  std::vector<int> folds;
  if (rule.grouped && !groups.empty()) {
    folds = grouped_folds(rule, strata, groups);
  } else if (!strata.empty()) {
    folds = stratified_folds(rule, strata, class_names);
  } else {
    folds = plain_folds(rule, n);
  }
  for (int fold = 0; fold < rule.n; ++fold) {
    if (std::ranges::find(folds, fold) == folds.end()) {
      throw DataError(fmt::format(
          "folds cannot be made: fold {} of {} would be empty (a group cannot be split)", fold + 1,
          rule.n));
    }
  }
  return folds;
}

}  // namespace musicrep

// What readers of results rely on: lists that belong together are as long as each other, and what
// counts from 0 stays within what it counts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "musicrep/error.h"
#include "store/results.h"

namespace musicrep {
namespace {

/// Far above what is real; products of these stay within 64 bits.
constexpr std::int64_t kMost = std::int64_t{1} << 20;

bool is_index(double value, std::size_t n) {
  return value >= 0 && value < static_cast<double>(n) && value == std::floor(value);
}

void check_target(const TargetResult& target, std::size_t n, const std::string& where,
                  Problems& problems) {
  if (target.truth.size() != n || target.predicted.size() != n) {
    problems.add(fmt::format("{}: target '{}' has {} true values and {} predictions of {} items",
                             where, target.name, target.truth.size(), target.predicted.size(), n));
  }
  if (target.classes.empty()) return;
  for (const auto* values : {&target.truth, &target.predicted}) {
    const auto bad = std::ranges::find_if(
        *values, [&](double v) { return !is_index(v, target.classes.size()); });
    if (bad == values->end()) continue;
    problems.add(fmt::format("{}: target '{}': found the class {}, expected 0 to {}", where,
                             target.name, *bad, target.classes.size() - 1));
  }
}

void check_row(const ResultRow& row, Problems& problems) {
  const std::string where =
      fmt::format("row '{}' of '{}' under '{}'", row.encoder, row.task, row.protocol);
  const std::size_t n = row.item_ids.size();
  const auto within = [&](const char* what, std::int64_t value, std::int64_t least) {
    if (value < least || value > kMost) {
      problems.add(
          fmt::format("{}: found {} {}, expected {} to {}", where, value, what, least, kMost));
    }
  };
  within("seeds", row.n_seeds, 1);
  within("repeats", row.n_repeats, 1);
  within("items", row.n, 0);
  if (row.item_fold.size() != n || row.item_seed.size() != n ||
      (!row.item_group.empty() && row.item_group.size() != n)) {
    problems.add(fmt::format("{}: found {} folds, {} seeds and {} groups of {} items", where,
                             row.item_fold.size(), row.item_seed.size(), row.item_group.size(), n));
  }
  for (const std::int64_t seed : row.item_seed) {
    if (seed >= 0 && seed < row.n_seeds) continue;
    problems.add(fmt::format("{}: found seed {} of {}", where, seed, row.n_seeds));
    break;
  }
  const auto within_all = [&](const char* what, const std::vector<std::int64_t>& values,
                              std::int64_t least) {
    for (const std::int64_t value : values) {
      if (value >= least && value < kMost) continue;
      problems.add(
          fmt::format("{}: found {} {}, expected {} to {}", where, what, value, least, kMost - 1));
      return;
    }
  };
  // -1: in no test fold, which a mean over folds has no place for.
  within_all("fold", row.item_fold, row.aggregation == kMeanOverFolds ? 0 : -1);
  within_all("group", row.item_group, 0);
  if (row.failure.empty() && (row.targets.empty() || n == 0)) {
    problems.add(fmt::format("{}: found {} targets and {} items, expected some", where,
                             row.targets.size(), n));
  }
  for (const TargetResult& target : row.targets) check_target(target, n, where, problems);
}

/// What was found nearest says the same as the ranks of the first training: the own one is at the
/// place of its rank, or not in the list.
bool agrees_with_ranks(const std::vector<std::int64_t>& nearest,
                       const std::vector<std::int64_t>& ranks, std::size_t n) {
  if (nearest.empty()) return true;
  const std::size_t k = std::min(kNearest, n);
  if (nearest.size() != n * k) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const auto first = nearest.begin() + static_cast<std::ptrdiff_t>(i * k);
    const std::set<std::int64_t> found(first, first + static_cast<std::ptrdiff_t>(k));
    if (found.size() != k || *found.begin() < 0 || *found.rbegin() >= static_cast<std::int64_t>(n))
      return false;
    const auto own =
        std::find(first, first + static_cast<std::ptrdiff_t>(k), static_cast<std::int64_t>(i));
    const std::int64_t place = own - first + 1;
    if (place <= static_cast<std::int64_t>(k) ? ranks[i] != place
                                              : ranks[i] <= static_cast<std::int64_t>(k)) {
      return false;
    }
  }
  return true;
}

void check_retrieval(const Retrieval& retrieval, Problems& problems) {
  const std::size_t n = retrieval.item_ids.size();
  const auto n_seeds = static_cast<std::size_t>(retrieval.n_seeds);
  if (retrieval.failure.empty() && retrieval.n_seeds >= 1 && retrieval.n_seeds <= kMost && n > 0 &&
      retrieval.music_rank.size() == n * n_seeds && retrieval.text_rank.size() == n * n_seeds) {
    if (agrees_with_ranks(retrieval.nearest_music, retrieval.music_rank, n) &&
        agrees_with_ranks(retrieval.nearest_text, retrieval.text_rank, n)) {
      return;
    }
    problems.add(fmt::format(
        "retrieval of '{}' on '{}': what was found nearest does not agree with the ranks",
        retrieval.encoder, retrieval.dataset));
    return;
  }
  if (!retrieval.failure.empty() && n == 0 && retrieval.measures.empty()) return;
  problems.add(
      fmt::format("retrieval of '{}' on '{}': found {} and {} ranks of {} texts and {} trainings",
                  retrieval.encoder, retrieval.dataset, retrieval.music_rank.size(),
                  retrieval.text_rank.size(), n, retrieval.n_seeds));
}

/// What deformed audio gave belongs to a row that has a score, target by target, item by item.
void check_deformed(const Results& results, const Deformed& deformed, Problems& problems) {
  const std::string where =
      fmt::format("deformed row '{}' of '{}' under '{}', {}", deformed.encoder, deformed.task,
                  deformed.protocol, deformed.deformation);
  if (!deformed.failure.empty()) {
    if (!deformed.targets.empty()) problems.add(where + ": found a failure and predictions");
    return;
  }
  const auto row = std::ranges::find_if(results.rows, [&](const ResultRow& r) {
    return r.encoder == deformed.encoder && r.task == deformed.task &&
           r.protocol == deformed.protocol && r.failure.empty();
  });
  if (row == results.rows.end()) {
    problems.add(where + ": found no row with a score that it is of");
    return;
  }
  if (row->targets.size() != deformed.targets.size() || row->n_seeds != deformed.n_seeds) {
    problems.add(fmt::format("{}: found {} targets and {} trainings, expected {} and {}", where,
                             deformed.targets.size(), deformed.n_seeds, row->targets.size(),
                             row->n_seeds));
    return;
  }
  for (std::size_t t = 0; t < row->targets.size(); ++t) {
    TargetResult target = row->targets[t];
    target.predicted = deformed.targets[t].predicted;
    if (target.name != deformed.targets[t].name) {
      problems.add(fmt::format("{}: found target '{}', expected '{}'", where,
                               deformed.targets[t].name, target.name));
    }
    check_target(target, row->item_ids.size(), where, problems);
  }
}

void check_picture(const MelPicture& picture, Problems& problems) {
  const bool good =
      picture.n_bands >= 0 && picture.n_bands <= kMost && picture.n_columns >= 0 &&
      picture.n_columns <= kMost &&
      picture.values.size() == static_cast<std::size_t>(picture.n_bands * picture.n_columns);
  if (good) return;
  problems.add(fmt::format("picture of '{}': found {} values of {} bands and {} columns",
                           picture.id, picture.values.size(), picture.n_bands, picture.n_columns));
}

}  // namespace

void check_results(const Results& results, const std::string& where) {
  Problems problems;
  for (const ResultRow& row : results.rows) check_row(row, problems);
  for (const Retrieval& retrieval : results.retrievals) check_retrieval(retrieval, problems);
  for (const Deformed& each : results.deformed) check_deformed(results, each, problems);
  for (const DatasetRecord& dataset : results.datasets) {
    for (const MelPicture& picture : dataset.pictures) check_picture(picture, problems);
  }
  for (const TrainingCurve& curve : results.curves) {
    if (curve.step.size() == curve.loss.size() &&
        curve.validation_step.size() == curve.validation_loss.size()) {
      continue;
    }
    problems.add(fmt::format("curve of '{}': found {} losses at {} steps", curve.encoder,
                             curve.loss.size(), curve.step.size()));
  }
  problems.throw_if_any(fmt::format("'{}' holds results that do not fit together:", where));
}

}  // namespace musicrep

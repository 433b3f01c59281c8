#include "simulated.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "learners.h"
#include "metrics/retrieval.h"
#include "protocols/folds.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

using Vector = std::vector<double>;
constexpr std::size_t kDim = Task::kDim;

// Shares of the variance of an encoder's noise: common to encoders, its own, new in each training.
constexpr double kCommon = 0.4;
constexpr double kOwn = 0.4;
constexpr double kOfTraining = 0.2;

Vector normals(std::size_t n, Random& random) {
  Vector out(n);
  for (double& v : out) v = random.normal();
  return out;
}

bool is_regression(Learner learner) {
  return learner == Learner::kRidge || learner == Learner::kRidgeMeanOverFolds;
}

bool is_tagging(Learner learner) {
  return learner == Learner::kTagsRocAuc || learner == Learner::kTagsAveragePrecision;
}

/// What the encoders see of one set.
struct Items {
  Vector truth;                         // [n]
  std::vector<Vector> tags;             // [Task::kClasses][n] of tagging; truth is empty then
  Vector common;                        // [n, kDim] noise, or of retrieval what is meant
  std::vector<std::vector<int>> folds;  // [n_repeats][n]
  int n_folds = 1;
};

/// Values of items that have a share of their variance in common with their group.
Vector grouped(std::size_t dim, double effect, const Task& task, Random& random) {
  const Vector of_group = normals(task.n_groups * dim, random);
  Vector out = normals(task.group.size() * dim, random);
  for (std::size_t i = 0; i < task.group.size(); ++i) {
    for (std::size_t j = 0; j < dim; ++j) {
      out[i * dim + j] = std::sqrt(effect) * of_group[task.group[i] * dim + j] +
                         std::sqrt(1 - effect) * out[i * dim + j];
    }
  }
  return out;
}

/// Folds of whole groups; means over folds are of single items, as in published protocols.
std::vector<int> draw_folds(const Setting& setting, const Task& task, int n_folds, Random& random) {
  const bool of_items = setting.learner == Learner::kRidgeMeanOverFolds;
  const std::vector<std::size_t> order = permutation(of_items ? setting.n : task.n_groups, random);
  std::vector<int> out(setting.n);
  for (std::size_t i = 0; i < setting.n; ++i) {
    out[i] = static_cast<int>(order[of_items ? i : task.group[i]]) % n_folds;
  }
  return out;
}

/// Items with tags, in folds that hold some with and some without each.
Items draw_tagged_items(const Setting& setting, const Task& task, Random& random) {
  // Standard normal quantiles: a half, 40, 30 and 20 % of the items have the tags.
  constexpr double kThresholds[Task::kClasses] = {0, 0.253, 0.524, 0.842};
  const auto is_one_sided = [&](const Vector& tag, const std::vector<int>& folds) {
    std::array<std::array<bool, 2>, 5> seen = {};
    for (std::size_t i = 0; i < tag.size(); ++i) {
      seen[static_cast<std::size_t>(folds[i])][tag[i] > 0.5 ? 1 : 0] = true;
    }
    return std::ranges::any_of(seen, [](const auto& of) { return !of[0] || !of[1]; });
  };
  std::vector<std::uint32_t> groups(task.group.begin(), task.group.end());
  for (;;) {
    Items out;
    out.n_folds = 5;
    const Vector liking = grouped(Task::kClasses, setting.group_effect, task, random);
    std::vector<std::vector<std::uint32_t>> with_tag(Task::kClasses);
    for (std::size_t t = 0; t < Task::kClasses; ++t) {
      Vector& tag = out.tags.emplace_back();
      for (std::size_t i = 0; i < setting.n; ++i) {
        tag.push_back(liking[i * Task::kClasses + t] > kThresholds[t] ? 1 : 0);
        if (tag.back() > 0.5) with_tag[t].push_back(static_cast<std::uint32_t>(i));
      }
    }
    out.folds = {assign_tag_folds({5, true, false, 0, true}, with_tag, setting.n, groups)};
    if (std::ranges::any_of(out.tags,
                            [&](const Vector& tag) { return is_one_sided(tag, out.folds[0]); })) {
      continue;  // the program leaves out such tags
    }
    out.common = normals(setting.n * kDim, random);
    return out;
  }
}

Items draw_items(const Setting& setting, const Task& task, Random& random) {
  if (is_tagging(setting.learner)) return draw_tagged_items(setting, task, random);
  Items out;
  if (setting.learner == Learner::kRetrieval) {
    out.truth.assign(setting.n, 1);
    out.common = grouped(kDim, setting.group_effect, task, random);
    out.folds = {std::vector<int>(setting.n)};
    return out;
  }
  if (is_regression(setting.learner)) {
    out.truth = grouped(1, setting.group_effect, task, random);
  } else {
    const std::vector<std::size_t> order = permutation(task.n_groups, random);
    for (const std::size_t g : task.group) {
      out.truth.push_back(static_cast<double>(order[g] % Task::kClasses));
    }
  }
  out.common = normals(setting.n * kDim, random);
  out.n_folds = setting.learner == Learner::kRidgeMeanOverFolds ? 10 : 5;
  for (std::size_t r = 0; r < setting.n_repeats; ++r) {
    out.folds.push_back(draw_folds(setting, task, out.n_folds, random));
  }
  return out;
}

/// Features of one training.
Vector features_of(const Setting& setting, const Task& task, const Items& items, const Vector& own,
                   double gain, double noise, Random& random) {
  const bool values = is_regression(setting.learner);
  Vector out(items.common.size());
  for (std::size_t i = 0; i < setting.n; ++i) {
    for (std::size_t j = 0; j < kDim; ++j) {
      const std::size_t at = i * kDim + j;
      double signal = 0;
      if (is_tagging(setting.learner)) {
        for (std::size_t t = 0; t < Task::kClasses; ++t) {
          signal += items.tags[t][i] * task.mean[t * kDim + j];
        }
      } else {
        signal = values ? items.truth[i] * task.mean[j]
                        : task.mean[static_cast<std::size_t>(items.truth[i]) * kDim + j];
      }
      out[at] =
          gain * signal + noise * (values ? 2 : 1) *
                              (std::sqrt(kCommon) * items.common[at] + std::sqrt(kOwn) * own[at] +
                               std::sqrt(kOfTraining) * random.normal());
    }
  }
  return out;
}

/// Ranks of each item's own music, of which the encoder has a noisy picture.
Vector ranks_of(const Setting& setting, const Items& items, const Vector& own, double gain,
                double noise, Random& random) {
  Matrix texts(setting.n, kDim);
  Matrix music(setting.n, kDim);
  for (std::size_t i = 0; i < setting.n; ++i) {
    for (std::size_t j = 0; j < kDim; ++j) {
      const std::size_t at = i * kDim + j;
      texts.at(i, j) = items.common[at];
      music.at(i, j) = gain * items.common[at] + noise * (std::sqrt(kCommon + kOwn) * own[at] +
                                                          std::sqrt(kOfTraining) * random.normal());
    }
  }
  const std::vector<std::int64_t> ranks = ranks_of_own(cosines(texts, music));
  return {ranks.begin(), ranks.end()};
}

Vector predict(const Setting& setting, const Items& items, const Vector& features, std::size_t r) {
  const bool values = is_regression(setting.learner);
  const Learnable data{features, items.truth, items.folds[r], kDim, values ? 0 : Task::kClasses};
  if (values) return ridge(data, items.n_folds);
  return setting.learner == Learner::kNearestNeighbours ? nearest_neighbours(data)
                                                        : discriminants(data, items.n_folds);
}

ResultRow empty_row(const Setting& setting, const char* encoder) {
  ResultRow row;
  row.encoder = encoder;
  row.task = "simulated";
  row.protocol = "simulated";
  row.metric = is_regression(setting.learner)                      ? "r2"
               : setting.learner == Learner::kRetrieval            ? "R@10"
               : setting.learner == Learner::kTagsRocAuc           ? "roc_auc"
               : setting.learner == Learner::kTagsAveragePrecision ? "average_precision"
                                                                   : "accuracy";
  const bool over_folds =
      setting.learner == Learner::kRidgeMeanOverFolds || is_tagging(setting.learner);
  row.aggregation = over_folds ? kMeanOverFolds : kPooled;
  row.n = static_cast<std::int64_t>(setting.n);
  row.n_seeds = static_cast<std::int64_t>(setting.n_seeds);
  row.n_repeats = static_cast<std::int64_t>(setting.n_repeats);
  row.targets.resize(is_tagging(setting.learner) ? Task::kClasses : 1);
  return row;
}

void add_items(ResultRow& row, const Task& task, const Items& items, std::size_t seed,
               std::size_t repeat) {
  for (std::size_t i = 0; i < task.group.size(); ++i) {
    row.item_ids.push_back(fmt::format_int(i).str());
    row.item_fold.push_back(items.folds[repeat][i] +
                            static_cast<std::int64_t>(repeat) * items.n_folds);
    row.item_seed.push_back(static_cast<std::int64_t>(seed));
    row.item_group.push_back(static_cast<std::int64_t>(task.group[i]));
  }
}

void add_predictions(TargetResult& target, const Vector& truth, const Vector& predicted) {
  target.truth.insert(target.truth.end(), truth.begin(), truth.end());
  target.predicted.insert(target.predicted.end(), predicted.begin(), predicted.end());
}

ResultRow draw_row(const Setting& setting, const Task& task, const Items& items,
                   const char* encoder, double mean_gain, double noise, Random& random) {
  ResultRow row = empty_row(setting, encoder);
  const Vector own = grouped(kDim, setting.group_effect, task, random);
  for (std::size_t s = 0; s < setting.n_seeds; ++s) {
    const double gain = std::max(0.05, mean_gain + task.gain_spread * random.normal());
    if (setting.learner == Learner::kRetrieval) {
      add_items(row, task, items, s, 0);
      add_predictions(row.targets[0], items.truth,
                      ranks_of(setting, items, own, gain, noise, random));
      continue;
    }
    const Vector features = features_of(setting, task, items, own, gain, noise, random);
    for (std::size_t r = 0; r < setting.n_repeats; ++r) {
      add_items(row, task, items, s, r);
      if (!is_tagging(setting.learner)) {
        add_predictions(row.targets[0], items.truth, predict(setting, items, features, r));
      }
      for (std::size_t t = 0; t < items.tags.size(); ++t) {
        const Learnable data{features, items.tags[t], items.folds[r], kDim, 0};
        add_predictions(row.targets[t], items.tags[t], ridge(data, items.n_folds));
      }
    }
  }
  return row;
}

/// Mean score of encoders of that gain.
double score_at(const Setting& setting, const Task& task, double gain, Random& random) {
  constexpr int kSets = 60;
  double sum = 0;
  for (int k = 0; k < kSets; ++k) {
    const Items items = draw_items(setting, task, random);
    sum += row_score(draw_row(setting, task, items, "A", gain, 1, random));
  }
  return sum / kSets;
}

}  // namespace

Task make_task(const Setting& setting, Random& random) {
  Task out;
  out.mean = normals(Task::kClasses * kDim, random);
  for (double& v : out.mean) v *= 0.7;
  std::size_t left = 0;
  for (std::size_t i = 0; i < setting.n; ++i) {
    if (left == 0) {
      left = setting.group_size > 0 ? setting.group_size : out.n_groups % 10 + 1;
      ++out.n_groups;
    }
    out.group.push_back(out.n_groups - 1);
    --left;
  }
  out.noise_of_c = 1 - 2.5 / std::sqrt(static_cast<double>(setting.n));
  if (setting.seed_spread > 0) {
    constexpr double kStep = 0.1;
    Setting once = setting;
    once.n_seeds = 1;
    const double slope =
        (score_at(once, out, 1 + kStep, random) - score_at(once, out, 1 - kStep, random)) /
        (2 * kStep);
    out.gain_spread = setting.seed_spread / slope;
  }
  return out;
}

std::array<ResultRow, 3> draw_set(const Setting& setting, const Task& task, Random& random) {
  const Items items = draw_items(setting, task, random);
  ResultRow a = draw_row(setting, task, items, "A", 1, 1, random);
  ResultRow b = draw_row(setting, task, items, "B", 1, 1, random);
  ResultRow c = draw_row(setting, task, items, "C", 1, task.noise_of_c, random);
  return {std::move(a), std::move(b), std::move(c)};
}

}  // namespace musicrep

#include "statistics/row_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "metrics/metric.h"
#include "metrics/ranking.h"

namespace musicrep {
namespace {

using Places = std::vector<std::size_t>;

std::vector<Places> all_places(const ResultRow& row) {
  std::vector<Places> all(1);
  for (std::size_t i = 0; i < row.item_ids.size(); ++i) all.front().push_back(i);
  return all;
}

/// Whether predictions are comparable within one fold of one training alone.
bool ranks_within_folds(const ResultRow& row) {
  return metric_named(row.metric).target == MetricTarget::kTags;
}

/// Whether a score of several folds is far from a mean over their items: a ratio, a correlation,
/// the root of a mean.
bool is_nonlinear(const ResultRow& row) {
  const Scale scale = metric_named(row.metric).scale;
  return scale == Scale::kRatio || scale == Scale::kCorrelation || scale == Scale::kUnbounded;
}

/// Places of the row that are scored together: all of them, or those of a fold; of rankings those
/// of a fold of one training.
std::vector<Places> scored_together(const ResultRow& row) {
  const bool apart = ranks_within_folds(row);
  if (row.aggregation != kMeanOverFolds && !apart) return all_places(row);
  const std::size_t n = row.item_ids.size();
  std::map<std::pair<std::int64_t, std::int64_t>, Places> folds;
  for (std::size_t i = 0; i < n; ++i) {
    folds[{apart ? row.item_seed[i] : 0, row.item_fold[i]}].push_back(i);
  }
  std::vector<Places> out;
  for (auto& [fold, places] : folds) out.push_back(std::move(places));
  return out;
}

std::vector<double> at(const std::vector<double>& values, const Places& places) {
  std::vector<double> out;
  out.reserve(places.size());
  for (const std::size_t i : places) out.push_back(values[i]);
  return out;
}

/// Runs `visit` with each target that is asked for.
template <typename Visit>
void each_target(const ResultRow& row, int target, Visit visit) {
  assert(!row.targets.empty());
  for (std::size_t t = 0; t < row.targets.size(); ++t) {
    if (target == kAllTargets || t == static_cast<std::size_t>(target)) visit(row.targets[t]);
  }
}

double n_targets(const ResultRow& row, int target) {
  return target == kAllTargets ? static_cast<double>(row.targets.size()) : 1;
}

/// The number of each place's item, by the order in which ids come first.
std::vector<std::size_t> item_numbers(const ResultRow& row, std::size_t& n_items) {
  std::unordered_map<std::string_view, std::size_t> number;
  std::vector<std::size_t> out;
  out.reserve(row.item_ids.size());
  for (const std::string& id : row.item_ids) {
    out.push_back(number.try_emplace(id, number.size()).first->second);
  }
  n_items = number.size();
  return out;
}

double scored(const ResultRow& row, int target, const std::vector<Places>& parts) {
  const Metric& metric = metric_named(row.metric);
  double sum = 0;
  each_target(row, target, [&](const TargetResult& from) {
    double weighted = 0;
    double weight = 0;
    for (const Places& places : parts) {
      const double n = static_cast<double>(places.size());
      const double score = metric.score(at(from.truth, places), at(from.predicted, places));
      if (parts.size() == 1) {
        weighted = score;  // not n * score / n, which may round
        weight = 1;
      } else {
        weighted += n * score;
        weight += n;
      }
    }
    sum += weighted / weight;
  });
  return sum / n_targets(row, target);
}

/// Only the places of one training.
std::vector<Places> of_seed(const ResultRow& row, std::vector<Places> parts, std::int64_t seed) {
  for (Places& places : parts) {
    std::erase_if(places, [&](std::size_t i) { return row.item_seed[i] != seed; });
  }
  std::erase_if(parts, [](const Places& places) { return places.empty(); });
  return parts;
}

/// Adds what one training scores in each fold, where the score is their mean and not linear.
void add_folds(const ResultRow& row, int target, const std::vector<Places>& folds,
               LinearStatistic& statistic) {
  if (folds.size() < 2 || !is_nonlinear(row)) return;
  statistic.of_fold.resize(folds.size());
  for (std::size_t f = 0; f < folds.size(); ++f) {
    statistic.of_fold[f] += scored(row, target, {folds[f]}) / static_cast<double>(row.n_seeds);
  }
}

/// Parts of a regression row in which all true values are equal, so that a rule gives the score.
std::size_t n_degenerate(const ResultRow& row) {
  const Metric& metric = metric_named(row.metric);
  std::size_t n = 0;
  for (const Places& places : scored_together(row)) {
    for (const TargetResult& target : row.targets) {
      if (metric.degenerate(at(target.truth, places))) ++n;
    }
  }
  return n;
}

double baseline_of(const ResultRow& row) {
  const Metric& metric = metric_named(row.metric);
  double sum = 0;
  // Each training predicts the same items.
  const std::size_t n = row.item_ids.size() / static_cast<std::size_t>(row.n_seeds);
  for (const TargetResult& target : row.targets) {
    sum += metric.baseline({target.truth.data(), n});
  }
  return sum / static_cast<double>(row.targets.size());
}

const char* method_of(Scale scale) {
  switch (scale) {
    case Scale::kShare:
      return "Wilson interval with Student's t";
    case Scale::kRatio:
      return "Student's t on log(1 - r2)";
    case Scale::kCorrelation:
      return "Student's t on Fisher's z";
    case Scale::kUnbounded:
    case Scale::kMean:
      break;
  }
  return "Student's t";
}

}  // namespace

double row_score(const ResultRow& row, int target) {
  return scored(row, target, scored_together(row));
}

namespace {

/// The group of each place; its item where groups are not known.
std::vector<std::int64_t> groups_at(const ResultRow& row, const Places& places,
                                    const std::vector<std::size_t>& number) {
  std::vector<std::int64_t> out;
  out.reserve(places.size());
  for (const std::size_t i : places) {
    out.push_back(row.item_group.empty() ? static_cast<std::int64_t>(number[i])
                                         : row.item_group[i]);
  }
  return out;
}

}  // namespace

LinearStatistic row_statistic(const ResultRow& row, int target) {
  const Metric& metric = metric_named(row.metric);
  const std::vector<Places> parts = scored_together(row);
  // A mean over folds of means of items is one over all items.
  const bool by_part = is_nonlinear(row) || ranks_within_folds(row);
  const std::vector<Places> together = by_part ? parts : all_places(row);
  std::size_t n_items = 0;
  const std::vector<std::size_t> number = item_numbers(row, n_items);
  LinearStatistic out;
  for (std::int64_t seed = 0; seed < row.n_seeds; ++seed) {
    const std::vector<Places> own = of_seed(row, parts, seed);
    out.of_run.push_back(scored(row, target, own));
    add_folds(row, target, own, out);
    std::vector<double>& influence = out.influence.emplace_back(n_items);
    each_target(row, target, [&](const TargetResult& from) {
      const double share =
          n_targets(row, target) * static_cast<double>(std::max<std::int64_t>(1, row.n_repeats));
      for (const Places& places : of_seed(row, together, seed)) {
        const std::vector<double> truth = at(from.truth, places);
        std::vector<double> some = metric.influence(truth, at(from.predicted, places));
        if (metric.target == MetricTarget::kTags) {
          correct_for_few(truth, groups_at(row, places, number), some);
        }
        for (std::size_t k = 0; k < places.size(); ++k) {
          influence[number[places[k]]] += some[k] / share;
        }
      }
    });
  }
  return out;
}

Sample sample_of(const ResultRow& row) {
  Sample out;
  std::size_t n_items = 0;
  const std::vector<std::size_t> number = item_numbers(row, n_items);
  std::unordered_map<std::int64_t, std::size_t> group_number;
  out.group.resize(n_items);
  std::vector<bool> known(n_items);
  std::map<std::int64_t, std::size_t> folds;
  for (std::size_t i = 0; i < number.size(); ++i) {
    ++folds[row.item_fold[i]];
    if (known[number[i]]) continue;
    known[number[i]] = true;
    const auto group =
        row.item_group.empty() ? static_cast<std::int64_t>(number[i]) : row.item_group[i];
    out.group[number[i]] = group_number.try_emplace(group, group_number.size()).first->second;
  }
  out.n_groups = group_number.size();
  const double of_repeat = static_cast<double>(folds.size()) /
                           static_cast<double>(std::max<std::int64_t>(1, row.n_repeats));
  if (of_repeat > 1) out.test_over_train = 1 / (of_repeat - 1);
  return out;
}

std::string units_text(const Sample& sample, std::int64_t n_runs) {
  const bool grouped = sample.n_groups < sample.group.size();
  return fmt::format("{} {}{}{}", sample.n_groups, grouped ? "artists" : "items",
                     n_runs > 1 ? fmt::format(", {} trainings", n_runs) : "",
                     sample.test_over_train > 0 ? ", training folds" : "");
}

std::string method_text(const std::string& method, const Sample& sample, std::int64_t n_runs) {
  if (sample.n_groups > 1) return fmt::format("{} over {}", method, units_text(sample, n_runs));
  return sample.group.size() > 1
             ? "not known: all items are of one artist, so that nothing tells how others would "
               "score"
             : "not known: of a single item nothing tells how others would score";
}

void score_row(ResultRow& row) {
  const Metric& metric = metric_named(row.metric);
  const Sample sample = sample_of(row);
  // The value is the row's score: where a fold holds a single true value, the mean of its
  // trainings' scores is another one.
  const auto known = [&](int target) {
    Estimate out = estimate(row_statistic(row, target), sample);
    out.value = row_score(row, target);
    return out;
  };
  for (std::size_t t = 0; t < row.targets.size(); ++t) {
    TargetResult& target = row.targets[t];
    target.score = row_score(row, static_cast<int>(t));
    const Interval interval =
        interval_of(known(static_cast<int>(t)), metric.scale, sample.effective_groups());
    target.ci_low = interval.low;
    target.ci_high = interval.high;
  }
  row.score = row_score(row);
  const Estimate estimate = known(kAllTargets);
  const Interval interval = interval_of(estimate, metric.scale, sample.effective_groups());
  row.ci_low = interval.low;
  row.ci_high = interval.high;
  row.standard_error = estimate.standard_error;
  row.degrees_of_freedom = estimate.degrees_of_freedom;
  row.baseline = baseline_of(row);
  row.p_baseline = p_value_of(estimate, metric.scale, sample.effective_groups(), row.baseline);
  row.ci_method = method_text(method_of(metric.scale), sample, row.n_seeds);
  if (const std::size_t n = n_degenerate(row); n > 0) {
    row.ci_method +=
        fmt::format("; {} of its parts hold a single true value, where the score is {} by rule", n,
                    row.metric == "r2" ? "1 or 0" : "fixed");
  }
}

}  // namespace musicrep

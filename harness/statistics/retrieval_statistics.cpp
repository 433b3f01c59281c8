#include "statistics/retrieval_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "metrics/metric.h"
#include "metrics/retrieval.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

constexpr const char* kMetricNames[] = {"R@1", "R@5", "R@10", "mAP@10", "MRR"};
constexpr const char* kMedianRank = "median rank";

const std::vector<std::int64_t>& ranks_of(const Retrieval& retrieval, const char* direction) {
  return std::string_view(direction) == kTextToMusic ? retrieval.music_rank : retrieval.text_rank;
}

/// The ranks of one direction as the predictions of a row.
ResultRow row_of(const Retrieval& retrieval, const char* direction, const char* metric) {
  ResultRow row;
  row.encoder = retrieval.encoder;
  row.dataset = retrieval.dataset;
  row.task = retrieval_task(retrieval);
  row.protocol = fmt::format("{}, {}", direction, metric);
  row.metric = metric;
  row.aggregation = kPooled;
  row.n = retrieval.n;
  row.n_seeds = retrieval.n_seeds;
  TargetResult target;
  target.name = "rank";
  const std::vector<std::int64_t>& ranks = ranks_of(retrieval, direction);
  const std::size_t n = retrieval.item_ids.size();
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    row.item_ids.push_back(retrieval.item_ids[i % n]);
    row.item_fold.push_back(0);
    row.item_seed.push_back(static_cast<std::int64_t>(i / n));
    if (!retrieval.item_group.empty()) row.item_group.push_back(retrieval.item_group[i % n]);
    target.truth.push_back(1);
    target.predicted.push_back(static_cast<double>(ranks[i]));
  }
  row.targets = {std::move(target)};
  return row;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// The p quantile of all ranks, by the inverse of their distribution.
double quantile(std::vector<double> ranks, double p) {
  std::ranges::sort(ranks);
  const auto last = static_cast<double>(ranks.size() - 1);
  return ranks[static_cast<std::size_t>(std::clamp(std::ceil(p * (last + 1)) - 1, 0.0, last))];
}

/// The median rank, averaged over trainings, with Woodruff's interval (Woodruff 1952): the ranks at
/// the ends of the interval of the share of ranks up to the median.
RetrievalMeasure median_rank(const ResultRow& row, const char* direction, double chance) {
  const std::vector<double>& ranks = row.targets.front().predicted;
  const std::size_t n = ranks.size() / static_cast<std::size_t>(row.n_seeds);
  double value = 0;
  for (std::size_t s = 0; s < static_cast<std::size_t>(row.n_seeds); ++s) {
    const auto first = ranks.begin() + static_cast<std::ptrdiff_t>(s * n);
    value +=
        median({first, first + static_cast<std::ptrdiff_t>(n)}) / static_cast<double>(row.n_seeds);
  }
  // "Rank up to the middle" as a right answer: its share has an interval like any other.
  ResultRow below = row;
  below.metric = "R@1";
  const double middle = quantile(ranks, 0.5);
  for (double& rank : below.targets.front().predicted) rank = rank <= middle ? 1 : 2;
  const Sample sample = sample_of(below);
  const Estimate share = estimate(row_statistic(below), sample);
  const Estimate at_half = {0.5, share.standard_error, share.degrees_of_freedom};
  const Interval interval = interval_of(at_half, Scale::kShare, sample.effective_groups());
  RetrievalMeasure out;
  out.direction = direction;
  out.name = kMedianRank;
  out.value = value;
  out.ci_low = std::min(value, quantile(ranks, interval.low));
  out.ci_high = std::max(value, quantile(ranks, interval.high));
  out.chance = chance;
  // Of random order half of the ranks are up to the median of chance.
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    below.targets.front().predicted[i] = ranks[i] <= chance ? 1 : 2;
  }
  out.p_chance = p_value_of(estimate(row_statistic(below), sample), Scale::kShare,
                            sample.effective_groups(), 0.5);
  return out;
}

void add_direction(Retrieval& retrieval, const char* direction) {
  for (const char* name : kMetricNames) {
    ResultRow row = row_of(retrieval, direction, name);
    score_row(row);
    retrieval.measures.push_back(
        {direction, name, row.score, row.ci_low, row.ci_high, row.baseline, row.p_baseline});
    retrieval.ci_method = row.ci_method;
    if (name == kMetricNames[2]) {
      const double chance =
          chance_retrieval_scores(static_cast<std::size_t>(retrieval.n)).median_rank;
      retrieval.measures.push_back(median_rank(row, direction, chance));
    }
  }
}

}  // namespace

std::string retrieval_task(const Retrieval& retrieval) {
  return fmt::format("retrieval on {}, split {}, centring {}", retrieval.dataset, retrieval.split,
                     retrieval.centring);
}

void score_retrieval(Retrieval& retrieval) {
  retrieval.measures.clear();
  if (!retrieval.failure.empty()) return;
  add_direction(retrieval, kTextToMusic);
  add_direction(retrieval, kMusicToText);
  retrieval.ci_method = method_text(
      "shares: Wilson interval with Student's t; mAP@10 and MRR: Student's t; median rank: Woodruff's "
      "interval;",
      sample_of(row_of(retrieval, kTextToMusic, "R@1")), retrieval.n_seeds);
}

std::vector<ResultRow> retrieval_rows(const std::vector<Retrieval>& retrievals) {
  std::vector<ResultRow> out;
  std::map<std::string, std::vector<std::string>> texts_of_task;
  for (const Retrieval& retrieval : retrievals) {
    if (!retrieval.failure.empty()) continue;
    const std::string task = retrieval_task(retrieval);
    const auto& texts = texts_of_task.try_emplace(task, retrieval.item_ids).first->second;
    for (const char* direction : {kTextToMusic, kMusicToText}) {
      for (const char* name : kMetricNames) {
        ResultRow row = row_of(retrieval, direction, name);
        if (texts != retrieval.item_ids) {
          row.task += fmt::format(", the {} texts that {} knows", retrieval.n, retrieval.encoder);
        }
        score_row(row);
        out.push_back(std::move(row));
      }
    }
  }
  return out;
}

}  // namespace musicrep

#include "check/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "metrics/metric.h"
#include "statistics/retrieval_statistics.h"

namespace musicrep {
namespace {

bool same_cell(const ResultRow& a, const ResultRow& b) {
  return a.encoder == b.encoder && a.task == b.task && a.protocol == b.protocol;
}

std::size_t n_of_seed(const ResultRow& row) {
  return row.item_ids.size() / static_cast<std::size_t>(std::max<std::int64_t>(1, row.n_seeds));
}

template <typename T>
std::vector<T> chosen(const std::vector<T>& all, const std::vector<std::size_t>& places) {
  std::vector<T> out;
  if (all.empty()) return out;
  for (const std::size_t i : places) out.push_back(all[i]);
  return out;
}

// The place of each entry of the first seed, by its id and which of its repeats it is.
std::map<std::pair<std::string_view, std::size_t>, std::size_t> places_of(const ResultRow& row) {
  std::map<std::string_view, std::size_t> n_seen;
  std::map<std::pair<std::string_view, std::size_t>, std::size_t> out;
  for (std::size_t i = 0; i < n_of_seed(row); ++i) {
    const std::string_view id = row.item_ids[i];
    out[{id, n_seen[id]++}] = i;
  }
  return out;
}

// The row's items at `places` of each seed.
ResultRow cut(const ResultRow& row, const std::vector<std::size_t>& places) {
  std::vector<std::size_t> all;
  for (std::size_t s = 0; s < static_cast<std::size_t>(row.n_seeds); ++s) {
    for (const std::size_t i : places) all.push_back(s * n_of_seed(row) + i);
  }
  ResultRow out = row;
  out.n = static_cast<std::int64_t>(places.size()) / row.n_repeats;
  out.item_ids = chosen(row.item_ids, all);
  out.item_fold = chosen(row.item_fold, all);
  out.item_seed = chosen(row.item_seed, all);
  out.item_group = chosen(row.item_group, all);
  for (TargetResult& target : out.targets) {
    target.truth = chosen(target.truth, all);
    target.predicted = chosen(target.predicted, all);
  }
  return out;
}

std::string difference_of_targets(const ResultRow& a, const ResultRow& b) {
  if (a.metric != b.metric) return fmt::format("metric {}, the other has {}", b.metric, a.metric);
  if (a.targets.size() != b.targets.size()) return "other targets";
  for (std::size_t t = 0; t < a.targets.size(); ++t) {
    if (a.targets[t].name != b.targets[t].name) return "other targets";
    if (a.targets[t].classes != b.targets[t].classes) {
      return fmt::format("other classes of '{}'", a.targets[t].name);
    }
  }
  return {};
}

std::string trainings(std::int64_t n) {
  return n == 1 ? "one training" : fmt::format("{} trainings", n);
}

bool has_common_item(const ResultRow& a, const ResultRow& b) {
  const std::set<std::string_view> of_a(a.item_ids.begin(), a.item_ids.end());
  return std::ranges::any_of(b.item_ids, [&](const std::string& id) { return of_a.contains(id); });
}

std::size_t n_other_truths(const ResultRow& a, const ResultRow& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n_of_seed(a); ++i) {
    const bool other = std::ranges::any_of(a.targets, [&](const TargetResult& target) {
      const auto t = static_cast<std::size_t>(&target - a.targets.data());
      return target.truth[i] != b.targets[t].truth[i];
    });
    count += other ? 1 : 0;
  }
  return count / static_cast<std::size_t>(a.n_repeats);
}

/// A row for the median rank of one direction, which has no metric of its own: a measure with its
/// interval, and the ranks as predictions.
ResultRow median_row(const Retrieval& retrieval, const RetrievalMeasure& measure,
                     const ResultRow& of_direction) {
  ResultRow row = of_direction;
  row.protocol = fmt::format("{}, {}", measure.direction, measure.name);
  row.metric = kRetrievalMetric;
  row.score = measure.value;
  row.ci_low = measure.ci_low;
  row.ci_high = measure.ci_high;
  row.baseline = measure.chance;
  row.n = retrieval.n;
  return row;
}

}  // namespace

Results with_retrieval_rows(Results results) {
  for (const Retrieval& retrieval : results.retrievals) {
    std::vector<ResultRow> rows = retrieval_rows({retrieval});
    if (!retrieval.failure.empty()) {
      ResultRow row;
      row.encoder = retrieval.encoder;
      row.dataset = retrieval.dataset;
      row.task = retrieval_task(retrieval);
      row.failure = retrieval.failure;
      rows.push_back(std::move(row));
    }
    const std::size_t n_metrics = rows.size();
    for (const RetrievalMeasure& measure : retrieval.measures) {
      if (is_metric(measure.name)) continue;
      const auto like = std::find_if(
          rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(n_metrics),
          [&](const ResultRow& row) { return row.protocol.starts_with(measure.direction); });
      rows.push_back(median_row(retrieval, measure, *like));
    }
    for (ResultRow& row : rows) {
      row.encoder_kind = retrieval.encoder_kind;
      row.encoder_version = retrieval.encoder_version;
      row.embeddings_sha256 = retrieval.embeddings_sha256;
      row.step_key = retrieval.step_key;
      row.dim = retrieval.dim;
      results.rows.push_back(std::move(row));
    }
  }
  return results;
}

std::string cell_name(const ResultRow& row) {
  return fmt::format("{} on {} under {}", row.encoder, row.task, row.protocol);
}

std::vector<RowPair> pair_rows(const Results& a, const Results& b) {
  std::vector<RowPair> out;
  for (const ResultRow& row : a.rows) {
    const auto same =
        std::ranges::find_if(b.rows, [&](const ResultRow& other) { return same_cell(row, other); });
    out.push_back({&row, same == b.rows.end() ? nullptr : &*same});
  }
  for (const ResultRow& row : b.rows) {
    const bool known =
        std::ranges::any_of(a.rows, [&](const ResultRow& other) { return same_cell(row, other); });
    if (!known) out.push_back({nullptr, &row});
  }
  return out;
}

AlignedRows align(const ResultRow& a, const ResultRow& b) {
  AlignedRows out;
  out.problem = difference_of_targets(a, b);
  if (out.problem.empty() && a.n_seeds != b.n_seeds && a.n_seeds != 1 && b.n_seeds != 1) {
    out.problem = fmt::format("scored with {}, the other with {}", trainings(b.n_seeds),
                              trainings(a.n_seeds));
  }
  if (out.problem.empty() && a.n_repeats != b.n_repeats) {
    out.problem = fmt::format("{} repeats, the other has {}", b.n_repeats, a.n_repeats);
  }
  if (!out.problem.empty()) return out;
  const auto places_in_b = places_of(b);
  std::map<std::size_t, std::size_t> pairs;  // place in a, place in b; in the order of a
  for (const auto& [key, place] : places_of(a)) {
    const auto at = places_in_b.find(key);
    if (at != places_in_b.end()) pairs[place] = at->second;
  }
  std::vector<std::size_t> in_a;
  std::vector<std::size_t> in_b;
  for (const auto& [place_in_a, place_in_b] : pairs) {
    in_a.push_back(place_in_a);
    in_b.push_back(place_in_b);
  }
  out.n_left_out = static_cast<std::size_t>(
      a.n + b.n - 2 * static_cast<std::int64_t>(in_a.size()) / a.n_repeats);
  if (in_a.empty()) {
    out.problem = "no item in common";
    return out;
  }
  out.a = cut(a, in_a);
  out.b = cut(b, in_b);
  if (const std::size_t n = n_other_truths(out.a, out.b); n > 0) {
    out.problem = fmt::format("{} of {} items have another label", n, out.a.n);
  }
  return out;
}

std::string difference_of_items(const ResultRow& a, const ResultRow& b) {
  if (const std::string targets = difference_of_targets(a, b); !targets.empty()) return targets;
  if (a.n_seeds != b.n_seeds) {
    return fmt::format("scored with {}, the reference with {}", trainings(b.n_seeds),
                       trainings(a.n_seeds));
  }
  if (!has_common_item(a, b)) {
    return fmt::format("no item in common ({} here, the reference has {})", b.n, a.n);
  }
  if (a.item_ids != b.item_ids || a.n_repeats != b.n_repeats) {
    return fmt::format("other items, or in another order ({}, the reference has {})", b.n, a.n);
  }
  if (const std::size_t n = n_other_truths(a, b); n > 0) {
    return fmt::format("{} of {} items have another label", n, a.n);
  }
  std::size_t n_folds = 0;
  for (std::size_t i = 0; i < n_of_seed(a); ++i) n_folds += a.item_fold[i] != b.item_fold[i];
  if (n_folds > 0) {
    return fmt::format("{} of {} items are tested by another fold", n_folds, n_of_seed(a));
  }
  return {};
}

std::size_t n_other_predictions(const ResultRow& a, const ResultRow& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.item_ids.size(); ++i) {
    bool other = false;
    for (std::size_t t = 0; t < a.targets.size(); ++t) {
      other = other || a.targets[t].predicted[i] != b.targets[t].predicted[i];
    }
    count += other ? 1 : 0;
  }
  return count;
}

}  // namespace musicrep

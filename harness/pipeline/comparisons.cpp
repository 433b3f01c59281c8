#include "pipeline/comparisons.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <map>
#include <string_view>

#include "core/random.h"
#include "metrics/paired.h"
#include "pipeline/row_score.h"
#include "pipeline/seeds.h"

namespace musicrep {
namespace {

std::vector<char> right_answers(const TargetResult& target) {
  std::vector<char> out;
  for (std::size_t i = 0; i < target.truth.size(); ++i) {
    out.push_back(target.truth[i] == target.predicted[i] ? 1 : 0);
  }
  return out;
}

// Scores of the two rows on each fold, as differences; for the corrected t-test. None where their
// folds are not the same.
std::vector<double> fold_differences(const ResultRow& a, const ResultRow& b) {
  if (a.item_fold != b.item_fold) return {};
  std::map<std::int64_t, std::vector<std::size_t>> items;
  for (std::size_t i = 0; i < a.item_fold.size(); ++i) items[a.item_fold[i]].push_back(i);
  if (items.size() < 2) return {};
  const RowScore score_a(a);
  const RowScore score_b(b);
  std::vector<double> out;
  for (const auto& [fold, members] : items) out.push_back(score_a(members) - score_b(members));
  return out;
}

// The group of each item; where none is known every item is its own, in all seeds and repeats.
std::vector<std::size_t> groups_of(const ResultRow& row, std::size_t& n_groups) {
  std::vector<std::size_t> out(row.item_group.begin(), row.item_group.end());
  if (out.empty()) {
    std::map<std::string_view, std::size_t> number;
    for (const std::string& id : row.item_ids) {
      out.push_back(number.try_emplace(id, number.size()).first->second);
    }
  }
  n_groups = out.empty() ? 0 : *std::ranges::max_element(out) + 1;
  return out;
}

}  // namespace

Comparison compare_pair(const ResultRow& row_a, const ResultRow& row_b, std::uint64_t seed) {
  // Items are drawn for both at once, so both need the same ones.
  const std::int64_t n_seeds = std::max(row_a.n_seeds, row_b.n_seeds);
  const auto with_seeds = [&](const ResultRow& row) {
    return row.n_seeds == n_seeds ? row : repeat_seeds(row, static_cast<std::size_t>(n_seeds));
  };
  const ResultRow a = with_seeds(row_a);
  const ResultRow b = with_seeds(row_b);
  assert(a.item_ids == b.item_ids && a.metric == b.metric);
  Comparison out;
  out.task = a.task;
  out.protocol = a.protocol;
  out.a = a.encoder;
  out.b = b.encoder;
  const RowScore score_a(a);
  const RowScore score_b(b);
  std::size_t n_groups = 0;
  const std::vector<std::size_t> groups = groups_of(a, n_groups);
  // Trainings of the two are independent: seeds are drawn for each by itself.
  Random seeds(derive_seed(seed, "training seeds"));
  const PairedDifference paired = paired_bootstrap(
      groups, n_groups,
      [&](std::span<const std::size_t> items) {
        const double of_a = score_a.with_drawn_seeds(items, seeds);
        return of_a - score_b.with_drawn_seeds(items, seeds);
      },
      seed);
  out.difference = score_a.on_all() - score_b.on_all();
  out.ci_low = paired.interval.low;
  out.ci_high = paired.interval.high;
  if (a.metric == "accuracy" && n_seeds == 1 && a.n_repeats == 1) {
    const McNemar test =
        mcnemar(right_answers(a.targets.front()), right_answers(b.targets.front()));
    out.test = "McNemar, exact";
    out.p = test.p_exact;
    const auto n = a.item_ids.size();
    out.smallest_detectable = smallest_detectable_accuracy(
        n, static_cast<double>(test.only_a + test.only_b) / static_cast<double>(n));
  } else {
    out.test = n_seeds == 1 ? "paired bootstrap" : "paired bootstrap over items and seeds";
    out.p = paired.p;
    out.smallest_detectable = smallest_detectable(paired.standard_error);
  }
  if (const auto differences = fold_differences(a, b); !differences.empty()) {
    // Folds of one repeat: each is tested on one part of that many and learned from the others.
    const auto k = static_cast<double>(differences.size()) / static_cast<double>(a.n_repeats);
    out.p_corrected_t = nadeau_bengio(differences, 1 / (k - 1)).p;
  }
  return out;
}

namespace {

void compare_table(Results& results, const std::vector<const ResultRow*>& rows) {
  const std::size_t first = results.comparisons.size();
  const std::size_t n = rows.size();
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> place;
  // One seed a table: every pair is resampled with the same items.
  const std::uint64_t seed =
      derive_seed(static_cast<std::uint64_t>(results.seed),
                  "compare/" + rows.front()->task + "/" + rows.front()->protocol);
  std::vector<double> p;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      place[{i, j}] = p.size();
      results.comparisons.push_back(compare_pair(*rows[i], *rows[j], seed));
      p.push_back(results.comparisons.back().p);
    }
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < adjusted.size(); ++k) {
    results.comparisons[first + k].p_adjusted = adjusted[k];
  }
  std::vector<double> scores;
  for (const ResultRow* row : rows) scores.push_back(row->score);
  const auto ranks = shared_ranks(scores, [&](std::size_t i, std::size_t j) {
    return adjusted[place.at({std::min(i, j), std::max(i, j)})] < 0.05;
  });
  for (std::size_t i = 0; i < n; ++i) {
    results.ranks.push_back({rows[i]->task, rows[i]->protocol, rows[i]->encoder, ranks[i]});
  }
}

}  // namespace

void compare_rows(Results& results) {
  // Tables in the order of their first row.
  std::vector<std::vector<const ResultRow*>> tables;
  for (const ResultRow& row : results.rows) {
    if (!row.failure.empty()) continue;
    const auto same = std::ranges::find_if(tables, [&](const auto& table) {
      return table.front()->task == row.task && table.front()->protocol == row.protocol;
    });
    if (same == tables.end()) {
      tables.push_back({&row});
    } else {
      same->push_back(&row);
    }
  }
  for (const auto& table : tables) compare_table(results, table);
}

}  // namespace musicrep

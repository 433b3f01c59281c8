#include "statistics/comparisons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>

#include "metrics/letters.h"
#include "metrics/metric.h"
#include "metrics/multiple_tests.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

using Table = std::vector<const ResultRow*>;

/// Good rows by task and protocol, in the order of their first row.
std::vector<Table> tables_of(const std::vector<ResultRow>& rows) {
  std::vector<Table> tables;
  for (const ResultRow& row : rows) {
    if (!row.failure.empty()) continue;
    const auto same = std::ranges::find_if(tables, [&](const Table& table) {
      return table.front()->task == row.task && table.front()->protocol == row.protocol;
    });
    if (same == tables.end()) {
      tables.push_back({&row});
    } else {
      same->push_back(&row);
    }
  }
  return tables;
}

/// What the rows' comparisons share, worked out once a row.
struct Prepared {
  const ResultRow* row = nullptr;
  LinearStatistic statistic;
};

Comparison compare_prepared(const Prepared& a, const Prepared& b, const Sample& sample) {
  assert(a.row->item_ids.size() * static_cast<std::size_t>(b.row->n_seeds) ==
             b.row->item_ids.size() * static_cast<std::size_t>(a.row->n_seeds) &&
         a.row->metric == b.row->metric);
  const LinearStatistic paired = difference(a.statistic, b.statistic);
  const bool counts = metric_named(a.row->metric).counts;
  Estimate known = counts ? estimate_of_share_difference(paired, sample) : estimate(paired, sample);
  Comparison out;
  out.task = a.row->task;
  out.protocol = a.row->protocol;
  out.a = a.row->encoder;
  out.b = b.row->encoder;
  known.value = a.row->score - b.row->score;
  out.difference = known.value;
  const Interval interval = t_interval(known);
  out.ci_low = interval.low;
  out.ci_high = interval.high;
  out.standard_error = known.standard_error;
  out.degrees_of_freedom = known.degrees_of_freedom;
  out.p = p_value(known);
  out.p_adjusted = out.p;
  out.smallest_detectable = smallest_detectable(known);
  out.test = method_text("paired t", sample, std::max(a.row->n_seeds, b.row->n_seeds));
  return out;
}

}  // namespace

Comparison compare_pair(const ResultRow& a, const ResultRow& b) {
  return compare_prepared({&a, row_statistic(a)}, {&b, row_statistic(b)}, sample_of(a));
}

std::vector<Comparison> compare_rows(const std::vector<ResultRow>& rows) {
  std::vector<Comparison> out;
  for (const Table& table : tables_of(rows)) {
    std::vector<Prepared> prepared;
    for (const ResultRow* row : table) prepared.push_back({row, row_statistic(*row)});
    const Sample sample = sample_of(*table.front());
    const std::size_t first = out.size();
    std::vector<double> p;
    for (std::size_t i = 0; i < prepared.size(); ++i) {
      for (std::size_t j = i + 1; j < prepared.size(); ++j) {
        out.push_back(compare_prepared(prepared[i], prepared[j], sample));
        p.push_back(out.back().p);
      }
    }
    const std::vector<double> adjusted = holm(p);
    for (std::size_t k = 0; k < adjusted.size(); ++k) out[first + k].p_adjusted = adjusted[k];
  }
  return out;
}

std::vector<EncoderLetters> letters_of(const std::vector<ResultRow>& rows,
                                       const std::vector<Comparison>& comparisons) {
  std::vector<EncoderLetters> out;
  for (Table& table : tables_of(rows)) {
    // Of equal scores the first listed is first.
    std::ranges::stable_sort(table, std::ranges::greater(), &ResultRow::score);
    const auto differ = [&](std::size_t i, std::size_t j) {
      const auto at = std::ranges::find_if(comparisons, [&](const Comparison& c) {
        const bool same_pair = (c.a == table[i]->encoder && c.b == table[j]->encoder) ||
                               (c.a == table[j]->encoder && c.b == table[i]->encoder);
        return same_pair && c.task == table[i]->task && c.protocol == table[i]->protocol;
      });
      return at != comparisons.end() && at->p_adjusted < kSignificanceLevel;
    };
    const std::vector<std::string> letters = compact_letters(table.size(), differ);
    for (std::size_t i = 0; i < table.size(); ++i) {
      out.push_back({table[i]->task, table[i]->protocol, table[i]->encoder, letters[i]});
    }
  }
  return out;
}

}  // namespace musicrep

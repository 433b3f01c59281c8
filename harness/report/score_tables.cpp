#include "report/score_tables.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "metrics/metric.h"
#include "report/markdown_text.h"

namespace musicrep {

std::string ScoreTable::name() const { return plain(task) + ", " + plain(protocol); }

bool has_tags(const ResultRow& row) {
  return row.failure.empty() && is_metric(row.metric) &&
         metric_named(row.metric).target == MetricTarget::kTags;
}

std::vector<ScoreTable> score_tables(const Results& results) {
  std::vector<ScoreTable> tables;
  for (const ResultRow& row : results.rows) {
    auto table = std::find_if(tables.begin(), tables.end(), [&](const ScoreTable& t) {
      return t.task == row.task && t.protocol == row.protocol;
    });
    if (table == tables.end()) {
      tables.push_back({.task = row.task, .protocol = row.protocol, .rows = {}});
      table = tables.end() - 1;
    }
    table->rows.push_back(&row);
  }
  for (ScoreTable& table : tables) {
    std::stable_sort(table.rows.begin(), table.rows.end(),
                     [](const ResultRow* a, const ResultRow* b) {
                       // A score that is not a number comes last among the good rows.
                       const auto key = [](const ResultRow* row) {
                         return std::pair(!row->failure.empty(),
                                          std::isnan(row->score) ? HUGE_VAL : -row->score);
                       };
                       return key(a) < key(b);
                     });
  }
  return tables;
}

}  // namespace musicrep

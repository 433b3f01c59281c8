#include "statistics/deformed_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "metrics/multiple_tests.h"
#include "musicrep/error.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

const ResultRow& row_of(const Results& results, const Deformed& deformed) {
  const auto row = std::ranges::find_if(results.rows, [&](const ResultRow& r) {
    return r.encoder == deformed.encoder && r.task == deformed.task &&
           r.protocol == deformed.protocol && r.failure.empty();
  });
  if (row != results.rows.end() && row->targets.size() == deformed.targets.size()) return *row;
  throw DataError(
      fmt::format("deformed row '{}' of '{}' under '{}', {}: found no row with a score "
                  "that it is of",
                  deformed.encoder, deformed.task, deformed.protocol, deformed.deformation));
}

void score(const ResultRow& clean, Deformed& deformed) {
  ResultRow row = clean;
  for (std::size_t t = 0; t < row.targets.size(); ++t) {
    row.targets[t].predicted = deformed.targets[t].predicted;
  }
  score_row(row);
  deformed.metric = row.metric;
  deformed.score = row.score;
  deformed.ci_low = row.ci_low;
  deformed.ci_high = row.ci_high;
  const Comparison paired = compare_pair(clean, row);
  deformed.drop = paired.difference;
  deformed.drop_low = paired.ci_low;
  deformed.drop_high = paired.ci_high;
  deformed.standard_error = paired.standard_error;
  deformed.degrees_of_freedom = paired.degrees_of_freedom;
  deformed.test = paired.test;
  deformed.p = paired.p;
  deformed.p_adjusted = paired.p;
}

}  // namespace

void score_deformed(Results& results) {
  std::map<std::pair<std::string, std::string>, std::vector<Deformed*>> tables;
  for (Deformed& each : results.deformed) {
    if (!each.failure.empty()) continue;
    score(row_of(results, each), each);
    tables[{each.task, each.protocol}].push_back(&each);
  }
  for (auto& [name, table] : tables) {
    std::vector<double> p;
    for (const Deformed* each : table) p.push_back(each->p);
    const std::vector<double> adjusted = holm(p);
    for (std::size_t k = 0; k < table.size(); ++k) table[k]->p_adjusted = adjusted[k];
  }
}

}  // namespace musicrep

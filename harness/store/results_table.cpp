#include <algorithm>

#include "store/results_table.h"

namespace musicrep {

std::optional<double> mean_inner_score(const ResultRow& row) {
  double sum = 0;
  for (const TargetResult& target : row.targets) {
    if (!target.inner_score) return std::nullopt;
    sum += *target.inner_score;
  }
  if (row.targets.empty()) return std::nullopt;
  return sum / static_cast<double>(row.targets.size());
}

std::vector<TableLine> table_lines(const Results& results) {
  std::vector<TableLine> lines;
  for (const ResultRow& row : results.rows) {
    TableLine line;
    line.encoder = row.encoder;
    line.encoder_kind = row.encoder_kind;
    line.encoder_version = row.encoder_version;
    line.task = row.task;
    line.dataset = row.dataset;
    line.protocol = row.protocol;
    line.protocol_version = row.protocol_version;
    line.metric = row.metric;
    line.aggregation = row.aggregation;
    line.n = row.n;
    line.dim = row.dim;
    line.n_configurations = row.n_configurations;
    line.pooling = row.pooling;
    line.published = row.published;
    line.published_source = row.published_source;
    line.published_caveat = row.published_caveat;
    line.failure = row.failure;
    if (row.failure.empty()) {
      line.score = row.score;
      line.ci_low = row.ci_low;
      line.ci_high = row.ci_high;
      line.inner_score = mean_inner_score(row);
      line.baseline = row.baseline;
    }
    const auto letters = std::ranges::find_if(results.letters, [&](const EncoderLetters& each) {
      return each.task == row.task && each.protocol == row.protocol && each.encoder == row.encoder;
    });
    if (letters != results.letters.end()) line.letters = letters->letters;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace musicrep

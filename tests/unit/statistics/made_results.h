// Results with all that statistics are derived from.
#pragma once

#include <string>

#include "formats/toml_reader.h"
#include "made_rows.h"
#include "metrics/metric.h"
#include "statistics/claims.h"
#include "statistics/derive.h"

namespace musicrep {

/// Adds what each fold and training of a pooled row scores.
inline void add_fold_scores(ResultRow& row) {
  TargetResult& target = row.targets.front();
  for (std::int64_t seed = 0; seed < row.n_seeds; ++seed) {
    for (int fold = 0; fold < 4; ++fold) {
      std::vector<double> truth;
      std::vector<double> predicted;
      for (std::size_t i = 0; i < row.item_ids.size(); ++i) {
        if (row.item_fold[i] != fold || row.item_seed[i] != seed) continue;
        truth.push_back(target.truth[i]);
        predicted.push_back(target.predicted[i]);
      }
      Selection selection;
      selection.chosen.fold = fold;
      selection.chosen.seed = seed;
      selection.n_test = static_cast<std::int64_t>(truth.size());
      selection.test_score = metric_named(row.metric).score(truth, predicted);
      target.selected.push_back(selection);
    }
  }
}

/// Two tables, a retrieval of two encoders, two claims, two published figures; derived.
inline Results made_results() {
  Results results;
  results.experiment = "made";
  results.experiment_toml = R"(
[[published]]
encoder = "tlm"
task = "genre"
protocol = "nested"
value = 0.6
[[published]]
encoder = "mfcc"
task = "emotion"
protocol = "nested"
target = "target"
value = 0.3
[[claim]]
text = "tlm wins"
source = "someone"
task = "genre"
protocol = "nested"
higher = "tlm"
lower = "mfcc"
[[claim]]
text = "layers are alike"
source = "someone"
dataset = "clips"
measure = "cosine"
higher = ["tlm", "layer 1"]
above = 0.1
)";
  results.rows = {made_row("tlm", {.group_size = 2, .n_seeds = 2, .error = 0.1}, 1),
                  made_row("mfcc", {.group_size = 2, .error = 0.6}, 2)};
  for (ResultRow& row : results.rows) add_fold_scores(row);
  results.rows[0].published = 0.6;
  for (const char* encoder : {"tlm", "mfcc"}) {
    ResultRow row = made_row(encoder, {.metric = "r2", .aggregation = kMeanOverFolds}, 3);
    row.task = "emotion";
    if (row.encoder == "mfcc") row.targets.front().published = 0.3;
    results.rows.push_back(row);
  }
  results.retrievals = {made_retrieval("tlm", 30, 5, 1, 4), made_retrieval("mfcc", 30, 20, 1, 5)};
  results.measure_samples = {{"tlm", "clips", "layer 1", "cosine", {0.5, 0.6}, {0.1, -0.1, 0, 0}}};
  results.claims =
      unjudged_claims(read_claims(TomlTable::parse(results.experiment_toml, "made.toml")));
  derive_statistics(results);
  return results;
}

}  // namespace musicrep

// Small rows and retrievals with random predictions.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base_row.h"
#include "core/random.h"
#include "store/results.h"

namespace musicrep {

struct RowShape {
  std::string metric = "accuracy";
  std::string aggregation = kPooled;
  std::size_t n = 40;
  std::size_t group_size = 1;
  std::size_t n_folds = 4;
  std::size_t n_repeats = 1;
  std::size_t n_seeds = 1;
  double error = 0.3;  ///< share of wrong classes, or the errors' standard deviation
};

/// Rows of one shape have the same items and true values; predictions depend on `seed`.
inline ResultRow made_row(const std::string& encoder, const RowShape& shape, std::uint64_t seed) {
  ResultRow row = base_row(encoder, "genre", "nested", shape.metric);
  row.aggregation = shape.aggregation;
  row.n = static_cast<std::int64_t>(shape.n);
  row.n_seeds = static_cast<std::int64_t>(shape.n_seeds);
  row.n_repeats = static_cast<std::int64_t>(shape.n_repeats);
  row.targets.resize(1);
  TargetResult& target = row.targets.front();
  target.name = "target";
  Random random(seed);
  for (std::size_t place = 0; place < shape.n_seeds * shape.n_repeats * shape.n; ++place) {
    const std::size_t i = place % shape.n;
    const std::size_t repeat = place / shape.n % shape.n_repeats;
    add_item(row, fmt::format("item {}", i),
             static_cast<std::int64_t>(i % shape.n_folds + repeat * shape.n_folds),
             static_cast<std::int64_t>(place / (shape.n * shape.n_repeats)),
             shape.group_size > 1 ? static_cast<std::int64_t>(i / shape.group_size) : -1);
    if (shape.metric == "r2") {
      target.truth.push_back(Random(i).normal());
      target.predicted.push_back(target.truth.back() + shape.error * random.normal());
    } else {
      target.truth.push_back(static_cast<double>(Random(i).below(3)));
      const double wrong = random.uniform() < shape.error ? 1 : 0;
      target.predicted.push_back(
          static_cast<double>(static_cast<int>(target.truth.back() + wrong) % 3));
    }
  }
  return row;
}

/// n texts whose ranks are uniform from 1 to `worst`.
inline Retrieval made_retrieval(const std::string& encoder, std::size_t n, std::uint64_t worst,
                                std::size_t n_seeds, std::uint64_t seed) {
  Retrieval out;
  out.encoder = encoder;
  out.dataset = "albums";
  out.split = "test";
  out.centring = kNoCentring;
  out.n = static_cast<std::int64_t>(n);
  out.n_seeds = static_cast<std::int64_t>(n_seeds);
  Random random(seed);
  for (std::size_t i = 0; i < n; ++i) out.item_ids.push_back(fmt::format("text {}", i));
  for (std::size_t k = 0; k < n * n_seeds; ++k) {
    out.music_rank.push_back(static_cast<std::int64_t>(1 + random.below(worst)));
    out.text_rank.push_back(static_cast<std::int64_t>(1 + random.below(worst)));
  }
  return out;
}

}  // namespace musicrep

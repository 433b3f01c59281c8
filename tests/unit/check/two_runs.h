// Results small enough to be changed by hand.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base_row.h"
#include "statistics/derive.h"
#include "statistics/row_statistics.h"
#include "store/results.h"

namespace musicrep {

/// What `declared` of a fingerprint says of an encoder that was trained in its run.
inline constexpr const char* kTrained =
    R"({"content":"fit 12","encoder":"tlm","encoder_version":"1","options":{},"seed":1})";

/// A row of n items of which the first `right` are right, s times (each seed one more right).
inline ResultRow counted_row(const std::string& encoder, std::size_t n, std::size_t right,
                             std::int64_t seeds = 1) {
  ResultRow row = base_row(encoder);
  row.encoder_kind = "mfcc";
  row.dataset = "d";
  row.n = static_cast<std::int64_t>(n);
  row.n_seeds = seeds;
  TargetResult target;
  target.name = "genre";
  target.classes = {"x", "y"};
  for (std::int64_t s = 0; s < seeds; ++s) {
    for (std::size_t i = 0; i < n; ++i) {
      add_item(row, fmt::format("item {}", i), static_cast<std::int64_t>(i % 5), s);
      target.truth.push_back(static_cast<double>(i % 2));
      const bool good = i < right + static_cast<std::size_t>(s);
      target.predicted.push_back(good ? target.truth.back() : 1 - target.truth.back());
    }
  }
  row.targets = {target};
  score_row(row);
  return row;
}

inline Fingerprint print_of(const std::string& encoder, std::int64_t seed = 0) {
  Fingerprint out;
  out.encoder = encoder;
  out.dataset = "d";
  out.seed = seed;
  out.declared =
      R"({"content":"","encoder":"mfcc","encoder_version":"1","options":{"a":1},"seed":1})";
  out.signals = "chirp";
  out.sha256 = std::string(64, 'c');
  out.dim = 4;
  out.summary = {0.5, 2, 1, -1, 1, -1};
  return out;
}

inline Results two_encoders() {
  Results out;
  out.experiment = "small";
  out.experiment_toml = "seed = 1\n[encoder.p]\nkind = 'mfcc'\n";
  out.seed = 1;
  out.provenance = {{"cpu", "one"}, {"code_commit", "1234"}, {"evaluation_version", "1"}};
  out.datasets.resize(1);
  out.datasets[0].name = "d";
  out.datasets[0].manifest_sha256 = std::string(64, 'd');
  out.rows = {counted_row("p", 100, 80), counted_row("q", 100, 60)};
  out.fingerprints = {print_of("p"), print_of("q")};
  derive_statistics(out);
  return out;
}

}  // namespace musicrep

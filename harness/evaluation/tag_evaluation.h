// All tags of a tagging task under one protocol: each against the rest, on the same folds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluation/pooling.h"
#include "evaluation/target_evaluation.h"
#include "metrics/metric.h"
#include "probe/probe.h"
#include "protocols/plan.h"
#include "protocols/protocol.h"
#include "store/results.h"

namespace musicrep {

/// The tags that can be learned and scored in every fold, and what is said of the others.
struct UsableTags {
  FoldPlan plan;
  std::vector<const Target*> tags;
  std::vector<std::string> notes;
};

/// Throws DataError where no tag can be used, or the protocol cannot be run on the data.
UsableTags usable_tags(const Protocol& protocol, const Dataset& dataset,
                       std::span<const Target* const> tags);

/// "2 of 150 tags are left out: 'x' (fold 2: no training item has it), ...": of many only the
/// first.
std::string left_out_text(std::span<const std::string> tags_with_reasons, std::size_t n_all);

struct TagEvaluationProblem {
  std::span<const FeatureView> views;  ///< at least one
  const Dataset& dataset;
  const UsableTags& usable;
  const Protocol& protocol;
  const Metric& metric;  ///< of tags
};

class TagEvaluation {
 public:
  /// All that `problem` refers to must outlive the evaluation.
  TagEvaluation(const TagEvaluationProblem& problem, const FitOptions& options);

  void run();

  /// Points of the grid times views.
  [[nodiscard]] std::size_t n_configurations() const { return views_.size() * configs_.size(); }
  /// Of every tag's predictions, in their order: by repeat, then as the data set's items.
  [[nodiscard]] const std::vector<Tested>& tested() const { return tested_; }
  [[nodiscard]] std::size_t n_capped() const { return n_capped_; }
  [[nodiscard]] std::size_t n_cut() const { return n_cut_; }
  /// One result a tag. Predictions are ranks among the items of a fold, 1 for the least likely,
  /// ties averaged: decision values of different fits have no common scale.
  std::vector<TargetResult> take() { return std::move(results_); }

 private:
  struct Choice {
    std::size_t view = 0;
    std::size_t config = 0;
  };
  std::vector<FitResult> fit(std::size_t view, std::span<const Split> splits,
                             std::span<const TagJob> jobs);
  void choose(std::size_t outer);
  void score_candidates(std::size_t outer, std::size_t view, const std::vector<FitResult>& fitted);
  void test();
  void predicted(std::size_t tag, std::size_t repeat, const std::vector<std::uint32_t>& items,
                 const std::vector<double>& scores, std::size_t fold);
  [[nodiscard]] std::vector<double> truth_of(std::size_t tag,
                                             const std::vector<std::uint32_t>& items) const;

  std::span<const FeatureView> views_;
  const UsableTags& usable_;
  const Metric& metric_;
  const Probe& probe_;
  FitOptions options_;
  std::size_t n_items_;
  std::vector<ProbeConfig> configs_;
  std::vector<std::vector<double>> values_;  // [tags][items of the data set]
  std::vector<std::vector<Choice>> chosen_;  // [outer folds][tags]
  std::vector<std::vector<double>> ranks_;   // [tags][repeats * items of the data set]
  std::vector<int> fold_;                    // [repeats * items]; -1: not scored
  std::vector<Tested> tested_;
  std::size_t n_capped_ = 0;
  std::size_t n_cut_ = 0;
  std::vector<TargetResult> results_;  // [tags]
};

}  // namespace musicrep

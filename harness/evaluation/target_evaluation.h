// One target under one protocol: hyper-parameters chosen, items tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "evaluation/pooling.h"
#include "metrics/metric.h"
#include "probe/probe.h"
#include "protocols/plan.h"
#include "protocols/protocol.h"
#include "store/results.h"

namespace musicrep {

/// A prediction.
struct Tested {
  std::uint32_t item = 0;  ///< place in the data set
  int fold = 0;            ///< outer fold that tested it
};

/// What is evaluated. All that it refers to must outlive the evaluation.
struct EvaluationProblem {
  std::span<const FeatureView> views;  ///< at least one
  const Dataset& dataset;
  const Target& target;
  const Protocol& protocol;
  const Metric& metric;  ///< of such targets
};

/// What values to learn from in one outer fold are standardised with, where the protocol asks for
/// it: on the training items alone where one split chooses (train, not validation), else on all
/// that is learned from.
struct TargetScale {
  double mean = 0;
  double deviation = 1;
};
TargetScale target_scale(const Protocol& protocol, const Target& target, const OuterFold& fold);

class TargetEvaluation {
 public:
  TargetEvaluation(const EvaluationProblem& problem, const FitOptions& options);

  void run();

  [[nodiscard]] const FoldPlan& plan() const { return plan_; }
  /// Points of the grid times views.
  [[nodiscard]] std::size_t n_configurations() const { return views_.size() * configs_.size(); }
  /// Of the result's predictions, in their order: by repeat, then as the data set's items.
  [[nodiscard]] const std::vector<Tested>& tested() const { return tested_; }
  [[nodiscard]] std::size_t n_capped() const { return n_capped_; }
  /// Fits with more neighbours than training items.
  [[nodiscard]] std::size_t n_cut() const { return n_cut_; }
  TargetResult take() { return std::move(result_); }

 private:
  struct Choice {
    std::size_t view = 0;
    std::size_t config = 0;
  };
  std::vector<FitResult> fit(std::size_t view, const TargetScale& scale,
                             std::span<const Split> splits, std::span<const FitJob> jobs);
  [[nodiscard]] CandidateScore candidate(std::size_t outer, const Choice& choice) const;
  void choose_configurations();
  std::vector<std::vector<FitResult>> fit_inner(std::size_t view);
  void score_candidates(std::size_t view, const std::vector<std::vector<FitResult>>& fitted);
  [[nodiscard]] bool at_edge(const Choice& choice) const;
  void test();
  void predicted(std::size_t repeat, std::uint32_t item, double value, std::size_t fold);

  std::span<const FeatureView> views_;
  const Target& target_;
  const Metric& metric_;
  const Protocol& protocol_;
  const Probe& probe_;
  FitOptions options_;
  bool classification_;
  std::vector<ProbeConfig> configs_;
  FoldPlan plan_;
  bool standardise_target_;
  std::vector<Choice> chosen_;     // for each outer fold
  std::vector<double> predicted_;  // by repeat and item of the data set
  std::vector<int> fold_;          // the fold that tested it; -1: not scored
  std::vector<Tested> tested_;
  std::size_t n_capped_ = 0;
  std::size_t n_cut_ = 0;
  TargetResult result_;
};

}  // namespace musicrep

// Sweeps: what the stored vectors of an encoder give with few labels, and read in other ways.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/sweep.h"
#include "graph/step.h"
#include "steps/evaluate_step.h"
#include "steps/results_part.h"

namespace musicrep {

inline constexpr const char* kSweepStep = "sweep";

/// The canonical JSON of a sweep's key on embeddings with these hashes, one a training seed.
std::string sweep_key_json(const RunSettings& settings, const SweepSpec& spec, const Task& task,
                           const Protocol& protocol, const std::string& manifest_sha256,
                           std::span<const std::string> embeddings);

class SweepStep final : public Step {
 public:
  /// `rows`: the evaluations of one cell, one a training seed. Throws ConfigError where their
  /// protocol holds nothing out.
  SweepStep(const SweepSpec& spec, std::vector<const EvaluateStep*> rows, ScoredVectors& vectors,
            const RunSettings& settings);

  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  [[nodiscard]] const EvaluateStep& row() const { return *rows_.front(); }

 private:
  [[nodiscard]] const PreparedDataset& dataset() const { return row().from().dataset(); }
  const SweepSpec& spec_;
  std::vector<const EvaluateStep*> rows_;
  ScoredVectors& vectors_;
  const RunSettings& settings_;
};

/// Its points; none where its vectors cannot be had, as its row has no score.
class SweepPart final : public ResultsPart {
 public:
  explicit SweepPart(const SweepStep& step) : step_(step) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  const SweepStep& step_;
};

}  // namespace musicrep

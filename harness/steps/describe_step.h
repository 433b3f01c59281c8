// What results say of a data set: its items, and what its audio is and looks like.
#pragma once

#include "graph/step.h"
#include "steps/prepared_dataset.h"
#include "steps/results_part.h"
#include "steps/scored_vectors.h"

namespace musicrep {

inline constexpr const char* kDescribeStep = "describe";

/// Decodes, hashes and pictures the audio of a data set whose audio encoders take.
class DescribeStep final : public Step {
 public:
  /// `audio`: the step that makes the audio; null where none does.
  DescribeStep(const PreparedDataset& dataset, const Step* audio);
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;

 private:
  const PreparedDataset& dataset_;
};

/// The record of a data set as its rows have it, without what was skipped.
class DatasetPart final : public ResultsPart {
 public:
  DatasetPart(const PreparedDataset& dataset, ScoredVectors& vectors)
      : dataset_(dataset), vectors_(vectors) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  const PreparedDataset& dataset_;
  ScoredVectors& vectors_;
};

}  // namespace musicrep

// Rows on deformed audio: what probes that learned from clean audio predict of it.
#pragma once

#include <vector>

#include "deform/deformation.h"
#include "steps/evaluate_step.h"

namespace musicrep {

inline constexpr const char* kDeformStep = "deform";

class DeformStep final : public Step {
 public:
  /// `row`: of clean audio; `from`: the same items, deformed, by the same encoder and training.
  /// Throws ConfigError where the row's protocol holds nothing out.
  DeformStep(const EvaluateStep& row, const EncodeStep& from, const Deformation& deformation,
             ScoredVectors& vectors, const RunSettings& settings);

  /// Once all encodings that rows use are planned.
  void wait_for_others();
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  /// Its predictions once it has been run, or why there are none.
  [[nodiscard]] Deformed deformed(const FinishedRun& run) const;

 private:
  [[nodiscard]] std::string key_json(const Task& task, const std::string& manifest_sha256,
                                     const std::string& clean_sha256,
                                     const std::string& deformed_sha256) const;

  const EvaluateStep& row_;
  const EncodeStep& from_;
  const Deformation& deformation_;
  ScoredVectors& vectors_;
  const RunSettings& settings_;
};

/// One entry of Results::deformed: of the steps of all training seeds.
class DeformPart final : public ResultsPart {
 public:
  explicit DeformPart(std::vector<const DeformStep*> seeds) : seeds_(std::move(seeds)) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  std::vector<const DeformStep*> seeds_;
};

}  // namespace musicrep

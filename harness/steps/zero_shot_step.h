// Zero-shot classification with one training of an encoder.
#pragma once

#include <string>

#include "evaluation/zero_shot.h"
#include "graph/step.h"
#include "steps/evaluate_step.h"
#include "steps/scored_vectors.h"

namespace musicrep {

inline constexpr const char* kZeroShotStep = "zero-shot";

class ZeroShotStep final : public RowStep {
 public:
  /// Throws DataError where what the encoder may have learned from shares an item or an artist with
  /// what is classified.
  ZeroShotStep(const EncodeStep& from, Task task, Prompts prompts, ScoredVectors& vectors,
               const RunSettings& settings);

  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  [[nodiscard]] ResultRow row(const FinishedRun& run) const override;

 private:
  [[nodiscard]] std::string key_json(const std::string& manifest_sha256,
                                     const std::string& embeddings_sha256) const;

  Prompts prompts_;
};

}  // namespace musicrep

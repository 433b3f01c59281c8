// The audio of a corpus that is made here.
#pragma once

#include "graph/step.h"
#include "steps/prepared_dataset.h"

namespace musicrep {

class RenderStep final : public Step {
 public:
  /// Of a data set with make_audio.
  explicit RenderStep(const PreparedDataset& dataset);
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;

 private:
  const Dataset& dataset_;
};

/// Makes the audio of `dataset` where it is made here and some of it is missing; whether it was.
bool render_missing_audio(const Dataset& dataset, const StepContext& context);

}  // namespace musicrep

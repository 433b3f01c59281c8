// The vectors that a plan asks for: stored, or made with all that they stand on.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "pipeline/encode_step.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/artefacts.h"

namespace musicrep {

/// Trains and encodes what a plan needs and `store` does not hold, telling `progress`. All that it
/// is constructed from must outlive it.
class Encodings {
 public:
  Encodings(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
            const RunOptions& options, RunProgress& progress);

  /// Steps that train() and one of() for each scored encoding will tell of.
  [[nodiscard]] std::size_t n_steps() const;

  /// Runs the trainings that some encoding still needs, with the frames that they stand on.
  void train();

  /// The vectors of one encoder on one data set. The first call for a step tells of it.
  Encoded of(const EncodeStep& step);

  /// The step's encoder, with weights that are trained where they are not stored.
  std::shared_ptr<Encoder> encoder_of(const EncodeStep& step);

  /// Whether rows stand on this step; otherwise it makes frames for others alone.
  [[nodiscard]] bool is_scored(const EncodeStep& step) const;

 private:
  // What an earlier step made of the audio; null where a step takes none.
  std::shared_ptr<const ItemFrames> frames_of(std::optional<std::size_t> encode);
  // Trainings that some encoding still needs.
  [[nodiscard]] std::vector<FitStep> fits_to_do(bool on_frames) const;
  void train(std::span<const FitStep> fits);

  const Plan& plan_;
  const EncoderRegistry& registry_;
  const ArtefactStore& store_;
  const RunOptions& options_;
  RunProgress& progress_;
  std::vector<FitStep> on_audio_;
  std::vector<FitStep> on_frames_;
  std::set<std::string> encoded_;  // keys of encodings that were told of already
};

}  // namespace musicrep

// The vectors that a plan asks for: stored, or made with all that they stand on.
#pragma once

#include <cstddef>
#include <map>
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

/// Whether rows stand on this step of `plan`; otherwise it makes frames for others alone, or its
/// layers are looked at.
[[nodiscard]] bool is_scored(const Plan& plan, const EncodeStep& step);
/// Whether anybody needs its vectors.
[[nodiscard]] bool is_encoded(const Plan& plan, const EncodeStep& step);

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

  /// The vectors of one encoder on one data set. The first call for a step tells of it. Throws
  /// ForeignFailure where a foreign encoder failed, now or in an earlier call: it is not tried
  /// again.
  Encoded of(const EncodeStep& step);

  /// The vectors of `shard`, some of the items of `whole`, whose encoder it takes. Throws as of().
  Encoded shard(const EncodeStep& whole, const EncodeStep& shard);

  /// The step's encoder, with its weights, should they have gone since train().
  std::shared_ptr<Encoder> encoder(const EncodeStep& step);

  /// What an earlier step made of the audio for this one; null where it takes none.
  std::shared_ptr<const ItemFrames> frames(const EncodeStep& step) {
    return frames_of(step.frames);
  }

  /// Why a foreign encoder has no vectors for this step; empty where none failed so far.
  [[nodiscard]] std::string failure(const EncodeStep& step) const;

 private:
  std::shared_ptr<const ItemFrames> frames_of(std::optional<std::size_t> encode);
  // Encodes and stores, whatever is stored.
  Encoded make(const EncodeStep& step, const EncodeStep& encoder_of);
  [[nodiscard]] bool is_to_do(const DiagnoseStep& step) const;
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
  std::set<std::string> encoded_;                // keys of encodings that were told of already
  std::map<std::string, std::string> failures_;  // of foreign encoders, by the encoding's key
};

}  // namespace musicrep

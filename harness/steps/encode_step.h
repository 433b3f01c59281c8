// The steps that make vectors: a data set through an encoder, whole or in shards.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graph/cached.h"
#include "steps/encoding.h"
#include "steps/prepared_dataset.h"
#include "steps/run_settings.h"
#include "steps/shards.h"
#include "steps/train_step.h"

namespace musicrep {

inline constexpr const char* kShardStep = "shard";  ///< encodes some of a data set's items

class EncodeStep;
class ShardStep;

/// The vectors that were made or read last, which the steps that use them ask for next. One slot
/// is shared by the encodings of a plan: several sets of vectors need not fit into memory.
struct VectorSlot {
  std::mutex mutex;
  const EncodeStep* of = nullptr;
  std::shared_ptr<const Encoded> vectors;
};

/// What an encoding takes besides its items.
struct EncodingInputs {
  const PreparedDataset* dataset = nullptr;
  const TrainStep* training = nullptr;  ///< gives the encoder its weights; null: it has them
  const EncodeStep* frames = nullptr;   ///< gives it VGGish frames; or null
  const Step* audio = nullptr;          ///< makes its audio; or null
};

class EncodeStep final : public Step {
 public:
  /// `refusal`: why this data set cannot feed this encoder; empty: it can.
  EncodeStep(Encoding encoding, const EncodingInputs& inputs, const RunSettings& settings,
             std::shared_ptr<VectorSlot> last, const std::string& refusal);

  [[nodiscard]] const Encoding& encoding() const { return encoding_; }
  [[nodiscard]] const PreparedDataset& dataset() const { return *inputs_.dataset; }
  [[nodiscard]] const EncodeStep* frames() const { return inputs_.frames; }
  [[nodiscard]] const TrainStep* training() const { return inputs_.training; }
  [[nodiscard]] bool skips_bad() const { return settings_.skip_bad; }
  /// The trainings that its vectors depend on: the encoder's own, and that of its frames.
  [[nodiscard]] std::vector<const Training*> trainings() const;
  /// In place of its own, those of `shards` become its inputs; their vectors are laid end to end.
  void cut(std::vector<const ShardStep*> shards);

  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  void tidy(const ArtefactStore& store) const override;

  /// The vectors, stored or computed now with all that they need. Throws ForeignFailure where an
  /// external encoder failed, now or in an earlier call: it is not tried again.
  std::shared_ptr<const Encoded> vectors(const StepContext& context) const;
  /// vectors() as the frames of other encoders.
  std::shared_ptr<const ItemFrames> item_frames(const StepContext& context) const;
  /// The frames that its own encoder takes; null where it takes none that are made.
  std::shared_ptr<const ItemFrames> frames_of_items(const StepContext& context) const;
  /// Its encoder, ready to encode; trained first, should its weights have gone.
  std::shared_ptr<Encoder> encoder(const StepContext& context) const;

 private:
  friend class ShardStep;
  [[nodiscard]] std::vector<ItemRange> ranges() const;
  // Into the slot.
  std::shared_ptr<const Encoded> keep(Encoded encoded) const;
  // Of all items; the failure of an external encoder becomes failure_.
  Cached<Encoded> make_or_remember(const StepContext& context) const;
  // Of all items or of a shard's; looked up first.
  Cached<Encoded> make(const Encoding& encoding, const StepContext& context) const;

  Encoding encoding_;
  EncodingInputs inputs_;
  const RunSettings& settings_;
  std::shared_ptr<VectorSlot> last_;
  std::vector<const ShardStep*> shards_;
  mutable std::string failure_;  // of an external encoder in this run
};

class ShardStep final : public Step {
 public:
  /// Of `whole`, which must outlive it.
  ShardStep(const EncodeStep& whole, ItemRange items);
  [[nodiscard]] const ItemRange& items() const { return items_; }
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  [[nodiscard]] nlohmann::json details() const override;

 private:
  const EncodeStep& whole_;
  ItemRange items_;
};

}  // namespace musicrep

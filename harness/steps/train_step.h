// A training: an encoder, a corpus, a seed, and the weights that come of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "datasets/dataset.h"
#include "graph/step.h"
#include "musicrep/registry.h"
#include "steps/encode_items.h"

namespace musicrep {

class EncodeStep;

/// What is trained, and on what.
struct Training {
  std::string label;  ///< of the first encoder that asks for it
  std::string kind;
  Options options;  ///< complete
  const Dataset* dataset = nullptr;
  std::string corpus_sha256;  ///< of labels and audio (or frames)
  std::uint64_t seed = 0;
  std::size_t seed_index = 0;          ///< of the first encoder that asks for it
  std::string seed_text = {};          ///< " (seed 1)" where there are several
  const EncodeStep* frames = nullptr;  ///< gives the corpus VGGish frames; null: it has its own
  std::string frame_space;             ///< of the frames that it takes
  std::string device;
  std::string description;
};

/// The canonical JSON of the training's key: of the options those that train.
std::string training_key_json(const Training& training, const EncoderInfo& info);

/// What the corpus offers for training. Its audio must have been made before load() is called.
/// `frames`: what was made of its audio, where the training takes such.
TrainingCorpus make_training_corpus(const Training& training, const EncoderInfo& info,
                                    std::shared_ptr<const ItemFrames> frames = nullptr);

/// Trains on one thread. The weights are at weights_path(key) afterwards; a state on the way is
/// next to them and is found again.
class TrainStep final : public Step {
 public:
  /// `audio`: the step that makes the corpus's audio; null where none does.
  TrainStep(Training training, const EncoderInfo& info, const Step* audio);
  [[nodiscard]] const Training& training() const { return training_; }
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  [[nodiscard]] nlohmann::json details() const override;

 private:
  // Returns the number of its steps.
  [[nodiscard]] std::int64_t train(const StepContext& context, const TrainingCorpus& corpus) const;
  Training training_;
};

/// What of the tested items a training may have seen.
struct Seen {
  std::size_t n_items = 0;   ///< of the tested ones, in the corpus
  std::size_t n_groups = 0;  ///< of the tested items' artists, in the corpus
  std::string group;         ///< one of them
};

/// Looks for `tested` (places in `scored`) among the items of `corpus` that a training may learn
/// from: all but its split "test". Artists are compared as merge_artist_spellings() does.
Seen seen_in_training(const Dataset& corpus, const Dataset& scored,
                      const std::set<std::uint32_t>& tested);

}  // namespace musicrep

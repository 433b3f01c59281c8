// Trainings that an experiment asks for: an encoder, a corpus, and where its weights are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "datasets/dataset.h"
#include "musicrep/registry.h"
#include "pipeline/encoding.h"
#include "store/artefacts.h"

namespace musicrep {

/// One training.
struct FitStep {
  std::string label;  ///< of the first encoder that asks for it
  std::string kind;
  Options options;  ///< complete
  const Dataset* dataset = nullptr;
  std::string corpus_sha256;  ///< of labels and audio (or frames)
  std::uint64_t seed = 0;
  std::optional<std::size_t> frames;  ///< place in Plan::encodes of what gives it VGGish frames
  std::string frame_space;            ///< of the frames that it takes
  std::string device;
  std::string key_json;
  std::string key;
  std::string description;
};

/// What a step's data set offers for training. Its audio must have been made before load() is
/// called. `frames`: what was made of its audio, where the step takes such.
TrainingCorpus make_training_corpus(const FitStep& step, const EncoderInfo& info,
                                    std::shared_ptr<const ItemFrames> frames = nullptr);

/// Fills in key and key_json from the rest of the step: of the options those that train.
void set_key(FitStep& step, const EncoderInfo& info);

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

/// (steps done, steps in all) of all trainings together, one call at a time.
using FitTold = std::function<void(std::size_t, std::size_t)>;

/// Trains what `store` does not hold, several at the same time on one thread each. The weights
/// stand at store.weights_path(key) afterwards; a state on the way stands beside them and is found
/// again. `again`: also what is held. `frames_of` gives the frames that a step takes. Throws as the
/// encoders' fit() does.
void run_fits(std::span<const FitStep> steps, const EncoderRegistry& registry,
              const ArtefactStore& store, std::size_t jobs, bool again, const FitTold& told,
              const std::function<std::shared_ptr<const ItemFrames>(const FitStep&)>& frames_of);

}  // namespace musicrep

// The options that say what MusicBERT is and how it is trained.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "musicbert_config.h"
#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "training/trainer_config.h"
#include "vocabulary.h"

namespace musicrep {

/// What training leaves out of clips and texts, drawn again for each batch.
struct Dropped {
  bool sentences = false;  ///< a random half of a text's sentences
  double words = 0;        ///< share of words
  double frames = 0;       ///< share of frames; one at least stays
};

/// What a training is, beside the steps.
struct MusicbertTraining {
  MusicbertConfig net;
  ObjectiveWeights objectives;
  Masking masking;
  double dropout = 0.1;
  double mixup = 0;                ///< alpha of Beta(alpha, alpha); 0: none
  bool classes_from_cls = false;   ///< audioset's head reads [CLS]
  std::size_t fewest_texts = 2;    ///< that hold a word of the vocabulary
  std::size_t most_words = 10000;  ///< of the vocabulary, without the special ones
  bool shuffle_texts = false;      ///< control: clips learn with the texts of others
  double extra_clips = 0;          ///< clips without a text beside a clip with one; 0: all alike
  Dropped dropped;
  std::string word_vectors;  ///< a file; or empty
  TrainerConfig trainer;
};

/// All options that train, with their defaults.
std::vector<OptionSpec> musicbert_training_options();

/// Throws ConfigError listing every option that cannot be.
MusicbertTraining musicbert_training(const Options& options);

/// The tags that the objective audioset learns; none without it. Throws DataError or ConfigError.
std::vector<TrainingTag> musicbert_tags(const TrainingCorpus& corpus, const Options& options,
                                        const MusicbertTraining& training);

/// Of the texts of `items`; without words where the corpus has no texts.
Vocabulary musicbert_vocabulary(const TrainingCorpus& corpus, const std::vector<std::size_t>& items,
                                const MusicbertTraining& training);

/// "mlm", "0.5*mlm+mim", ...: objectives with their weights. Throws ConfigError.
ObjectiveWeights objectives_named(const std::string& text);

}  // namespace musicrep

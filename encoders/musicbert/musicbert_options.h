// The options that say what MusicBERT is and how it is trained.
#pragma once

#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "nn/trainer.h"
#include "objectives.h"

namespace musicrep {

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
  TrainerConfig trainer;
};

/// All options that train, with their defaults.
std::vector<OptionSpec> musicbert_training_options();

/// Throws ConfigError listing every option that cannot be.
MusicbertTraining musicbert_training(const Options& options);

/// "mlm", "0.5*mlm+mim", ...: objectives with their weights. Throws ConfigError.
ObjectiveWeights objectives_named(const std::string& text);

}  // namespace musicrep

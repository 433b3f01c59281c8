// What every trainable encoder's options are, and what is checked before it is trained.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "training/trainer_config.h"

namespace musicrep {

/// An option that says how an encoder is trained; its description begins with "training: ".
OptionSpec trains(std::string name, OptionValue value, std::string description,
                  std::optional<NumberRange> range = {});
/// The same with the texts that it may be.
OptionSpec trains(std::string name, OptionValue value, std::string description,
                  std::vector<std::string> one_of);

/// The options that all trainable encoders share, with this encoder's defaults: steps, batch_size,
/// learning_rate, weight_decay, validate_every, patience, checkpoint_every (the last does not
/// affect results and has trains = false), leave_out (facets of tags that are not trained on).
std::vector<OptionSpec> training_options(const TrainerConfig& defaults);

/// `weights` (a path) and `train_on` (a data set of the experiment): where weights come from.
std::vector<OptionSpec> weights_options();

/// `frames_from`: which encoder of the experiment makes the frames of one that takes them.
OptionSpec frames_from_option();

/// `defaults` with what the options, which are complete and in their ranges, say.
TrainerConfig trainer_config(const Options& options, TrainerConfig defaults);

/// Tags with at least `fewest` present among the training items, without the facets in `leave_out`.
/// Throws DataError, beginning with `who`, where none is left.
std::vector<TrainingTag> usable_tags(const TrainingCorpus& corpus, const Options& options,
                                     const std::string& who, std::size_t fewest = 5);

}  // namespace musicrep

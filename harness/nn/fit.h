// What every trainable encoder's fit() does around train().
#pragma once

#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "nn/trainer.h"
#include "weights/weights_file.h"

namespace musicrep {

/// The options that all trainable encoders share, with this encoder's defaults: steps, batch_size,
/// learning_rate, weight_decay, validate_every, patience, checkpoint_every (the last moves no bit
/// and has trains = false), leave_out (facets of tags that are not trained on).
std::vector<OptionSpec> training_options(const TrainerConfig& defaults);

/// `weights` (a path) and `train_on` (a data set of the experiment): where weights come from.
std::vector<OptionSpec> weights_options();

/// `defaults` with what the options say.
TrainerConfig trainer_config(const Options& options, TrainerConfig defaults);

/// Tags with at least `fewest` present among the training items, without the facets in `leave_out`.
/// Throws DataError, beginning with `who`, where none is left.
std::vector<TrainingTag> usable_tags(const TrainingCorpus& corpus, const Options& options,
                                     const std::string& who, std::size_t fewest = 5);

/// Trains `task` on args.device (in mixed precision on CUDA) with a checkpoint file at
/// args.checkpoint_path and writes args.weights_path: `weights` comes with architecture, config,
/// labels and source["objective"]; this adds tensors, curves and the rest of the source. `finish`
/// may change what is written. Removes the checkpoint at the end.
void fit_and_write(TrainingTask& task, const TrainerConfig& config, const TrainingCorpus& corpus,
                   const FitArgs& args, Weights weights,
                   const std::function<void(Weights&)>& finish = {});

}  // namespace musicrep

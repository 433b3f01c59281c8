// What every trainable encoder's fit() does around train().
#pragma once

#include <functional>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "nn/trainer.h"
#include "weights/weights_file.h"

namespace musicrep {

/// Trains `task` on args.device (in mixed precision on CUDA) with a checkpoint file at
/// args.checkpoint_path and writes args.weights_path: `weights` comes with architecture, config,
/// labels and source["objective"]; this adds tensors, curves and the rest of the source. `finish`
/// may change what is written. Removes the checkpoint at the end.
void fit_and_write(TrainingTask& task, const TrainerConfig& config, const TrainingCorpus& corpus,
                   const FitArgs& args, Weights weights,
                   const std::function<void(Weights&)>& finish = {});

}  // namespace musicrep

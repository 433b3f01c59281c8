// VGGish trained in the tree.
#pragma once

#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// Options of a training: those that all share, `width` and `max_patches`.
std::vector<OptionSpec> vggish_training_options();

/// Throws DataError or ConfigError where corpus or options do not suffice: no tags that enough
/// training items have, no items to train or to validate on, a width that there is not.
void check_vggish_corpus(const TrainingCorpus& corpus, const Options& options);

/// Trains as Vggish::fit() says, and writes args.weights_path. The patches of all clips are
/// computed first and kept: 24 KiB each, no more than `max_patches` in all.
void fit_vggish(const TrainingCorpus& corpus, const FitArgs& args);

}  // namespace musicrep

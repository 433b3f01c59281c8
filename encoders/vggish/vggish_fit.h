// VGGish trained in the tree.
#pragma once

#include "musicrep/trainable.h"

namespace musicrep {

/// Trains as Vggish::fit() says, and writes args.weights_path. The patches of all clips are
/// computed first and kept: 12 KiB each, no more than `max_patches` in all.
void fit_vggish(const TrainingCorpus& corpus, const FitArgs& args);

}  // namespace musicrep

// The origin of weights as text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "weights/weights_file.h"

namespace musicrep {

/// How much of the held-out items' loss a training has explained.
struct LearnedShare {
  bool known = false;  ///< false: nothing was validated, or it has no base
  double loss = 0;     ///< the least validation loss
  double base = 0;     ///< that of base rates, or of the mean
  double share = 0;    ///< 1 - loss / base
};

/// Of validation losses [n] and the loss of base rates. Unknown where there is no loss, or `base`
/// is not a finite number above 0.
LearnedShare learned_share(const std::vector<double>& validation_loss, double base);

/// Of the curves of a weights file.
LearnedShare learned_share(const std::map<std::string, std::vector<double>>& curves);

/// Below this share a training counts as none, and its rows say so.
inline constexpr double kLeastLearned = 0.05;

/// Throws DataError, beginning with `where`, where weights that were trained on frames of `trained`
/// are given those of another space `given` (EncoderArgs::frame_space; empty: any).
void require_frame_space(const std::string& where, const std::string& trained,
                         const std::string& given);

/// What Encoder::notes() says of weights: what was imported; or on which corpus they were trained
/// here, how long, for what, and on which labels. The same for all seeds of a training,
/// but for what says that one has not learned.
std::vector<std::string> origin_notes(const Weights& weights);

}  // namespace musicrep

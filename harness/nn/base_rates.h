// How good a network is that has learned nothing, and how well tags are found.
#pragma once

#include <torch/torch.h>

namespace musicrep {

/// The mean binary cross-entropy, over items and tags of `held_out` [m, tags] (0 or 1), of
/// answering each tag with its share among `train` [n, tags], kept half an item from 0 and from
/// all.
double base_rate_loss(const torch::Tensor& train, const torch::Tensor& held_out);

/// The mean over tags of the average precision of `scores` [m, tags] for `labels` [m, tags] (0 or
/// 1), as scikit-learn's average_precision_score: equal scores count as one threshold. Tags that no
/// item has, or all have, are left out; NaN where none is left.
double mean_average_precision(const torch::Tensor& scores, const torch::Tensor& labels);

}  // namespace musicrep

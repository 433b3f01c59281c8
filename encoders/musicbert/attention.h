// How scores become weights of attention. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "musicbert_config.h"

namespace musicrep {

/// Each row along the last axis of `scores` [..., n] to its projection onto the simplex,
/// p = max(z - tau, 0) (Martins and Astudillo 2016, algorithm 1). Exact: by sorting. A score of
/// -infinity gets exactly 0; one at least must be finite. The Jacobian is diag(s) - s s' / |S| with
/// s = 1 on the support S.
torch::Tensor sparsemax(const torch::Tensor& scores);

/// The same for 1.5-entmax, p = max(z / 2 - tau, 0)^2 (Peters, Niculae and Martins 2019, algorithm
/// 2). The Jacobian is diag(s) - s s' / sum(s) with s = sqrt(p).
torch::Tensor entmax15(const torch::Tensor& scores);

/// One of the three.
torch::Tensor attention_weights(const torch::Tensor& scores, AttentionKind kind);

/// Who sees whom, bool [batch, n, n]: [b, i, j] says whether position i may look at j.
/// `present` bool [batch, n]: what is no padding; padding is seen by nobody. `global` bool [n]:
/// sees all and is seen by all. `window` w: others see |i - j| <= w / 2 (Beltagy, Peters and Cohan
/// 2020, section 3.1); 0: all.
torch::Tensor attention_mask(const torch::Tensor& present, const torch::Tensor& global,
                             std::int64_t window);

}  // namespace musicrep

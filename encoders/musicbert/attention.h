// How scores become weights of attention. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

namespace musicrep {

/// What maps a row of scores to weights that are not negative and sum to 1.
enum class AttentionKind {
  kSoftmax,    ///< exp(z) / sum: every weight is positive
  kEntmax15,   ///< 1.5-entmax (Peters, Niculae and Martins 2019): between the other two
  kSparsemax,  ///< projection onto the simplex (Martins and Astudillo 2016): the most zeros
};

/// "softmax", "entmax15" and "sparsemax", in this order.
const std::vector<std::string>& attention_names();

/// Throws std::invalid_argument that lists the names where `name` is none of them.
AttentionKind attention_named(const std::string& name);

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

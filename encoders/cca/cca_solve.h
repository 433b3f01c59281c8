// The linear algebra of the canonical correlation analysis.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace musicrep {

/// The first `components` right singular vectors of `x` double [n, v] (not centred), [v,
/// components], each with the sign that makes its largest number positive. Of fewer than
/// `components` that are not 0: those.
torch::Tensor latent_directions(const torch::Tensor& x, std::int64_t components);

struct CcaSolution {
  torch::Tensor music;         ///< [p, k]
  torch::Tensor text;          ///< [q, k]
  torch::Tensor correlations;  ///< [k], descending
};

/// Of centred pairs `music` double [n, p] and `text` [n, q]: singular value decomposition of
/// A^-1/2 M'T B^-1/2 / n, where A = M'M / n and B = T'T / n, each with `regularisation` times the
/// mean of its diagonal added to the diagonal. Directions are scaled by the root of their
/// correlation.
CcaSolution solve_cca(const torch::Tensor& music, const torch::Tensor& text, double regularisation,
                      std::int64_t components);

}  // namespace musicrep

#include "cca_solve.h"

#include <algorithm>
#include <tuple>

namespace musicrep {
namespace {

/// Columns with the sign that makes their number of greatest size positive.
torch::Tensor with_fixed_signs(const torch::Tensor& columns) {
  const torch::Tensor at = std::get<1>(columns.abs().max(0, true));
  return columns * columns.gather(0, at).sign();
}

torch::Tensor regularised(const torch::Tensor& covariance, double share) {
  const std::int64_t n = covariance.size(0);
  return covariance + share * covariance.diagonal().mean() * torch::eye(n, covariance.options());
}

torch::Tensor inverse_root(const torch::Tensor& covariance) {
  const auto [values, vectors] = torch::linalg_eigh(covariance);
  return torch::matmul(vectors * values.clamp_min(1e-300).rsqrt(), vectors.t());
}

}  // namespace

torch::Tensor latent_directions(const torch::Tensor& x, std::int64_t components) {
  constexpr double kZero = 1e-10;  // of the greatest singular value's square
  const bool wide = x.size(1) > x.size(0);
  const auto [squares, vectors] =
      torch::linalg_eigh(wide ? torch::matmul(x, x.t()) : torch::matmul(x.t(), x));
  const std::int64_t n = squares.size(0);
  const std::int64_t usable =
      (squares > kZero * squares[n - 1].clamp_min(0)).sum().item<std::int64_t>();
  const std::int64_t k = std::min(components, usable);
  torch::Tensor first = vectors.narrow(1, n - k, k).flip(1);
  if (wide) first = torch::matmul(x.t(), first) * squares.narrow(0, n - k, k).flip(0).rsqrt();
  return with_fixed_signs(first);
}

CcaSolution solve_cca(const torch::Tensor& music, const torch::Tensor& text, double regularisation,
                      std::int64_t components) {
  const auto n = static_cast<double>(music.size(0));
  const torch::Tensor of_music =
      inverse_root(regularised(torch::matmul(music.t(), music) / n, regularisation));
  const torch::Tensor of_text =
      inverse_root(regularised(torch::matmul(text.t(), text) / n, regularisation));
  const torch::Tensor whitened =
      torch::matmul(torch::matmul(of_music, torch::matmul(music.t(), text) / n), of_text);
  const auto [left, correlations, right] = torch::linalg_svd(whitened, false);
  const std::int64_t k = std::min(components, correlations.size(0));
  const torch::Tensor size = correlations.narrow(0, 0, k).sqrt();
  return {torch::matmul(of_music, left.narrow(1, 0, k)) * size,
          torch::matmul(of_text, right.narrow(0, 0, k).t()) * size, correlations.narrow(0, 0, k)};
}

}  // namespace musicrep

#include <torch/torch.h>

#include <algorithm>
#include <cassert>

#include "vggish_layers.h"
#include "vggish_postprocess.h"

namespace musicrep {

VggishPca fit_vggish_pca(std::span<const float> embeddings, std::size_t rows) {
  assert(rows >= 2 && embeddings.size() == rows * kVggishDim);
  const torch::InferenceMode no_gradients;
  // from_blob() wants a mutable pointer and does not write.
  const torch::Tensor x = torch::from_blob(const_cast<float*>(embeddings.data()),
                                           {static_cast<std::int64_t>(rows), kVggishDim})
                              .to(torch::kDouble);
  const torch::Tensor means = x.mean(0);
  const torch::Tensor centred = x - means;
  const torch::Tensor covariance = centred.t().mm(centred) / static_cast<double>(rows - 1);
  auto [variances, vectors] = torch::linalg_eigh(covariance, "L");  // ascending, in columns
  variances = variances.flip(0);
  vectors = vectors.flip(1).t().contiguous();
  const torch::Tensor largest = vectors.gather(1, vectors.abs().argmax(1, /*keepdim=*/true));
  const double floor = std::max(0.0, variances[0].item<double>()) * 1e-4;
  const torch::Tensor deviations = variances.clamp_min(floor).sqrt();
  torch::Tensor whitening = vectors * largest.sign() / deviations.unsqueeze(1);
  if (floor == 0) whitening.zero_();
  const auto floats = [](const torch::Tensor& t) {
    const torch::Tensor f = t.to(torch::kFloat).contiguous();
    return std::vector<float>(f.data_ptr<float>(), f.data_ptr<float>() + f.numel());
  };
  return {floats(whitening), floats(means)};
}

}  // namespace musicrep

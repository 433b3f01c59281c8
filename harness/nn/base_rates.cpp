#include "nn/base_rates.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace musicrep {

double base_rate_loss(const torch::Tensor& train, const torch::Tensor& held_out) {
  const auto n = static_cast<double>(train.size(0));
  const torch::Tensor rates = train.to(torch::kDouble).mean(0).clamp(0.5 / n, 1 - 0.5 / n);
  const torch::Tensor y = held_out.to(torch::kDouble);
  return -(y * rates.log() + (1 - y) * (1 - rates).log()).mean().item<double>();
}

double mean_average_precision(const torch::Tensor& scores, const torch::Tensor& labels) {
  const torch::Tensor by_tag = scores.t().to(torch::kFloat).contiguous();
  const torch::Tensor wanted = labels.t().to(torch::kFloat).contiguous();
  const std::int64_t m = by_tag.size(1);
  double sum = 0;
  double tags = 0;
  std::vector<std::int64_t> order(static_cast<std::size_t>(m));
  for (std::int64_t tag = 0; tag < by_tag.size(0); ++tag) {
    const float* score = by_tag.data_ptr<float>() + tag * m;
    const float* label = wanted.data_ptr<float>() + tag * m;
    const double positives = std::accumulate(label, label + m, 0.0);
    if (positives == 0 || positives == static_cast<double>(m)) continue;
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::ranges::sort(order, [&](std::int64_t a, std::int64_t b) { return score[a] > score[b]; });
    double found = 0;
    double before = 0;  // found above the present threshold
    for (std::size_t i = 0; i < order.size(); ++i) {
      found += static_cast<double>(label[order[i]]);
      if (i + 1 < order.size() && score[order[i + 1]] == score[order[i]]) continue;
      sum += (found - before) / positives * found / static_cast<double>(i + 1);
      before = found;
    }
    ++tags;
  }
  return tags > 0 ? sum / tags : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace musicrep

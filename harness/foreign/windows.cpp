#include "foreign/windows.h"

namespace musicrep {

std::vector<std::size_t> window_starts(std::size_t n_samples, const WindowRule& rule) {
  std::vector<std::size_t> starts = {0};
  const bool only_full = rule.padding == WindowPadding::kDrop;
  for (std::size_t start = rule.hop;; start += rule.hop) {
    const bool has_more = starts.back() + rule.length < n_samples;
    if (!has_more || start >= n_samples) break;
    if (only_full && start + rule.length > n_samples) break;
    starts.push_back(start);
  }
  return starts;
}

std::vector<float> cut_window(const Signal& signal, std::size_t start, const WindowRule& rule) {
  std::vector<float> out(signal.rows * rule.length, 0.0F);
  for (std::size_t row = 0; row < signal.rows; ++row) {
    const float* const from = signal.values.data() + row * signal.cols;
    float* const to = out.data() + row * rule.length;
    for (std::size_t i = 0; i < rule.length; ++i) {
      const std::size_t at = start + i;
      if (at < signal.cols) {
        to[i] = from[at];
      } else if (rule.padding == WindowPadding::kRepeat) {
        to[i] = from[at % signal.cols];
      } else {
        break;
      }
    }
  }
  return out;
}

}  // namespace musicrep

#include "diagnose/attention_measures.h"

#include <algorithm>
#include <cmath>

namespace musicrep {
namespace {

class Mean {
 public:
  void add(double v) {
    sum_ += v;
    ++n_;
  }
  [[nodiscard]] std::optional<double> value() const {
    return n_ > 0 ? std::optional(sum_ / n_) : std::nullopt;
  }

 private:
  double sum_ = 0;
  double n_ = 0;
};

double distance_between(std::size_t i, std::size_t j) {
  return static_cast<double>(i > j ? i - j : j - i);
}

}  // namespace

ClipAttention clip_attention(std::span<const AttentionMap> maps) {
  Mean entropy;
  Mean support;
  Mean largest;
  Mean on_frames;
  Mean distance;
  for (const AttentionMap& map : maps) {
    const std::size_t places = map.weights.cols();
    const auto n_places = static_cast<double>(places);
    for (std::size_t i = map.first_frame; i < places; ++i) {
      const std::span<const double> row = map.weights.row(i);
      double row_entropy = 0;
      double frames = 0;
      double far = 0;
      for (std::size_t j = 0; j < places; ++j) {
        if (row[j] > 0) row_entropy -= row[j] * std::log(row[j]);
        if (j < map.first_frame) continue;
        frames += row[j];
        far += row[j] * distance_between(i, j);
      }
      if (places > 1) entropy.add(row_entropy / std::log(n_places));
      const auto n_seen = std::ranges::count_if(row, [](double w) { return w > 0; });
      support.add(static_cast<double>(n_seen) / n_places);
      largest.add(*std::ranges::max_element(row));
      on_frames.add(frames);
      if (places > map.first_frame + 1 && frames > 0) distance.add(far / frames);
    }
  }
  return {entropy.value(), support.value(), largest.value(), on_frames.value(), distance.value()};
}

}  // namespace musicrep

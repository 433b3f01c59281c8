#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <numeric>
#include <optional>

#include "audio/resample.h"

namespace musicrep {
namespace {

constexpr std::size_t kZeros = 64;
constexpr std::size_t kSteps = 512;  // filter values from one zero crossing to the next
constexpr double kRolloff = 0.9475937167399596;
constexpr double kBeta = 14.769656459379492;

// Times within the sampling interval that are nearer than this, in input samples, share weights: a
// sine at full scale and at the highest frequency moves by 8e-7 in that time.
constexpr double kSameTime = 2.5e-7;
constexpr std::size_t kMostKept = std::size_t{1} << 22;  // weights, 32 MiB

// The sum over the samples is kept in several parts, which is fast and the same on every processor.
constexpr std::size_t kDotLanes = 16;

/// Sum of weights[i] * samples[i] for i in [0, n). `n` is a multiple of kDotLanes.
double dot(const double* weights, const double* samples, std::size_t n) {
  using Pair = double __attribute__((vector_size(16)));
  constexpr std::size_t kPairs = kDotLanes / 2;
  Pair sums[kPairs] = {};
  for (std::size_t i = 0; i < n; i += kDotLanes) {
    for (std::size_t p = 0; p < kPairs; ++p) {
      Pair w;
      Pair x;
      std::memcpy(&w, weights + i + 2 * p, sizeof w);
      std::memcpy(&x, samples + i + 2 * p, sizeof x);
      sums[p] += w * x;
    }
  }
  for (std::size_t p = 1; p < kPairs; ++p) sums[0] += sums[p];
  return sums[0][0] + sums[0][1];
}

/// The right half of the filter: [kZeros * kSteps + 1].
std::vector<double> half_window() {
  constexpr std::size_t kLength = kZeros * kSteps;
  std::vector<double> window(kLength + 1);
  const double scale = std::cyl_bessel_i(0.0, kBeta);
  for (std::size_t i = 0; i <= kLength; ++i) {
    const double x = std::numbers::pi * kRolloff * static_cast<double>(i) / kSteps;
    const double sinc = i == 0 ? 1.0 : std::sin(x) / x;
    const double r = static_cast<double>(i) / kLength;
    const double taper = std::cyl_bessel_i(0.0, kBeta * std::sqrt(1 - r * r)) / scale;
    window[i] = kRolloff * sinc * taper;
  }
  return window;
}

/// The weights of the input samples around one output sample.
struct Weights {
  double fraction = -1;        // of the time that they were made for; -1: not made yet
  std::size_t left = 0;        // how many belong to input samples up to that time
  std::vector<double> values;  // in the order of the samples, zeros at the end up to kDotLanes
};

class Filter {
 public:
  explicit Filter(double ratio)
      : scale_(std::min(1.0, ratio)), step_(static_cast<std::size_t>(scale_ * kSteps)) {
    assert(step_ > 0);  // a rate cut to less than 1/512 needs a finer filter
    static const std::vector<double> half = half_window();
    window_ = half;
    if (ratio < 1) {
      for (double& value : window_) value *= ratio;
    }
    differences_.resize(window_.size());
    for (std::size_t i = 0; i + 1 < window_.size(); ++i) {
      differences_[i] = window_[i + 1] - window_[i];
    }
  }

  /// `fraction` in [0, 1): how far the output sample lies behind the input sample on its left.
  void make(double fraction, Weights& weights) const {
    weights.fraction = fraction;
    weights.values.clear();
    append_wing(scale_ * fraction, weights.values);
    std::reverse(weights.values.begin(), weights.values.end());
    weights.left = weights.values.size();
    append_wing(scale_ - scale_ * fraction, weights.values);
    weights.values.resize((weights.values.size() + kDotLanes - 1) / kDotLanes * kDotLanes);
  }

  [[nodiscard]] std::size_t most_weights() const { return 2 * (window_.size() / step_ + 1); }

 private:
  /// One wing of the filter, from the output sample outwards.
  void append_wing(double distance, std::vector<double>& out) const {
    const double place = distance * kSteps;
    const auto offset = static_cast<std::size_t>(place);
    const double eta = place - static_cast<double>(offset);
    const std::size_t count = (window_.size() - offset) / step_;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = offset + i * step_;
      out.push_back(window_[at] + eta * differences_[at]);
    }
  }

  double scale_;
  std::size_t step_;
  std::vector<double> window_;
  std::vector<double> differences_;  // from each value to the next
};

/// The number of different fractions that exact output times have, where it is small.
std::optional<std::size_t> count_phases(double from_hz, double to_hz, std::size_t most_weights) {
  constexpr double kMostHz = 1e9;
  if (from_hz != std::floor(from_hz) || to_hz != std::floor(to_hz) || from_hz > kMostHz ||
      to_hz > kMostHz) {
    return std::nullopt;
  }
  const auto from = static_cast<std::uint64_t>(from_hz);
  const auto to = static_cast<std::uint64_t>(to_hz);
  const std::size_t phases = to / std::gcd(from, to);
  if ((phases + 1) * most_weights > kMostKept) return std::nullopt;
  return phases;
}

/// A stretch of the signal as doubles, with silence beyond its ends. Each sample is converted about
/// once, and a signal of any length needs no copy.
class Stretch {
 public:
  Stretch(std::span<const float> channel, std::size_t longest_ask)
      : channel_(channel), values_(std::max<std::size_t>(4 * longest_ask, 8192)) {}

  /// `count` samples from `first` on, which may lie before the beginning.
  const double* samples(std::ptrdiff_t first, std::size_t count) {
    if (empty_ || first < start_ || first - start_ + static_cast<std::ptrdiff_t>(count) > size()) {
      move_to(first);
    }
    return values_.data() + (first - start_);
  }

 private:
  [[nodiscard]] std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(values_.size()); }

  void move_to(std::ptrdiff_t first) {
    const auto n = static_cast<std::ptrdiff_t>(channel_.size());
    start_ = first;
    empty_ = false;
    for (std::ptrdiff_t i = 0; i < size(); ++i) {
      const bool inside = start_ + i >= 0 && start_ + i < n;
      values_[static_cast<std::size_t>(i)] =
          inside ? static_cast<double>(channel_[static_cast<std::size_t>(start_ + i)]) : 0;
    }
  }

  std::span<const float> channel_;
  std::vector<double> values_;
  std::ptrdiff_t start_ = 0;
  bool empty_ = true;
};

}  // namespace

std::vector<float> resample_kaiser_best(std::span<const float> channel, double from_hz,
                                        double to_hz) {
  assert(from_hz > 0 && to_hz > 0);
  const double ratio = to_hz / from_hz;
  const double increment = 1.0 / ratio;
  std::vector<float> out(static_cast<std::size_t>(static_cast<double>(channel.size()) * ratio));
  const Filter filter(ratio);
  // A rational ratio comes back to the same fractions over and over. A running sum leaves them by a
  // little and may end up on either side of a whole number: hence one more place than phases.
  const std::optional<std::size_t> phases = count_phases(from_hz, to_hz, filter.most_weights());
  std::vector<Weights> kept(phases ? *phases + 1 : 1);
  Stretch stretch(channel, filter.most_weights() + kDotLanes);
  double time = 0;
  for (float& sample : out) {
    const auto n = std::min(static_cast<std::size_t>(time), channel.size() - 1);
    const double fraction = time - static_cast<double>(n);
    const std::size_t place =
        phases ? static_cast<std::size_t>(fraction * static_cast<double>(*phases) + 0.5) : 0;
    Weights& weights = kept[std::min(place, kept.size() - 1)];
    if (!(std::abs(weights.fraction - fraction) <= (phases ? kSameTime : 0.0))) {
      filter.make(fraction, weights);
    }
    const std::size_t count = weights.values.size();
    const auto first =
        static_cast<std::ptrdiff_t>(n + 1) - static_cast<std::ptrdiff_t>(weights.left);
    sample = static_cast<float>(dot(weights.values.data(), stretch.samples(first, count), count));
    time += increment;
  }
  return out;
}

}  // namespace musicrep

#include "diagnose/frame_measures.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "core/random.h"
#include "diagnose/singular_values.h"

namespace musicrep {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double square_sum(const Matrix& m) { return dot(m.values(), m.values()); }

/// Empty where one of them has no length.
std::optional<double> cosine(std::span<const double> a, std::span<const double> b) {
  const double lengths = std::sqrt(dot(a, a)) * std::sqrt(dot(b, b));
  return lengths > 0 ? std::optional(dot(a, b) / lengths) : std::nullopt;
}

Matrix less(const Matrix& m, std::span<const double> row) {
  Matrix out = m;
  for (std::size_t t = 0; t < m.rows(); ++t) {
    for (std::size_t k = 0; k < m.cols(); ++k) out.at(t, k) -= row[k];
  }
  return out;
}

/// Over all pairs: with unit vectors u, (|sum u|^2 - n) / (n (n - 1)).
std::optional<double> mean_cosine(const Matrix& m) {
  std::vector<double> sum(m.cols());
  double n = 0;
  for (std::size_t t = 0; t < m.rows(); ++t) {
    const double length = std::sqrt(dot(m.row(t), m.row(t)));
    if (!(length > 0)) continue;
    ++n;
    for (std::size_t k = 0; k < m.cols(); ++k) sum[k] += m.at(t, k) / length;
  }
  return n > 1 ? std::optional((dot(sum, sum) - n) / (n * (n - 1))) : std::nullopt;
}

std::optional<double> mean_adjacent_cosine(const Matrix& m) {
  double sum = 0;
  double n = 0;
  for (std::size_t t = 0; t + 1 < m.rows(); ++t) {
    if (const auto each = cosine(m.row(t), m.row(t + 1))) {
      sum += *each;
      ++n;
    }
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

std::optional<double> effective_rank(const Matrix& m) {
  const std::vector<double> values = singular_values(m);
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (!(sum > 0)) return std::nullopt;
  double entropy = 0;
  for (const double v : values) {
    if (v > 0) entropy -= v / sum * std::log(v / sum);
  }
  return std::exp(entropy);
}

/// Of deviations from the clip's mean. The energy at k cycles a clip is the sum over s, t of
/// <h_s, h_t> cos(2 pi k (s - t) / T): sums along the diagonals of the Gram matrix are enough. A
/// frequency just at the border counts half.
std::optional<double> high_frequency_share(const Matrix& deviations) {
  const std::size_t n = deviations.rows();
  if (n < 4) return std::nullopt;
  std::vector<double> at_lag(n);
  for (std::size_t lag = 0; lag < n; ++lag) {
    for (std::size_t t = 0; t + lag < n; ++t) {
      at_lag[lag] += (lag == 0 ? 1 : 2) * dot(deviations.row(t), deviations.row(t + lag));
    }
  }
  double high = 0;
  double all = 0;
  for (std::size_t k = 1; k < n; ++k) {
    double energy = 0;
    for (std::size_t lag = 0; lag < n; ++lag) {
      const auto turns = static_cast<double>(k * lag % n) / static_cast<double>(n);
      energy += at_lag[lag] * std::cos(2 * std::numbers::pi * turns);
    }
    const std::size_t cycles = std::min(k, n - k);
    all += energy;
    if (4 * cycles > n) high += energy;
    if (4 * cycles == n) high += energy / 2;
  }
  return all > 0 ? std::optional(high / all) : std::nullopt;
}

}  // namespace

std::vector<double> mean_row(std::span<const Matrix* const> clips) {
  std::vector<double> sum(clips.front()->cols());
  std::size_t n = 0;
  for (const Matrix* clip : clips) {
    n += clip->rows();
    for (std::size_t t = 0; t < clip->rows(); ++t) {
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += clip->at(t, k);
    }
  }
  for (double& v : sum) v /= static_cast<double>(n);
  return sum;
}

ClipFrames clip_frames(const Matrix& states, std::span<const double> corpus_mean) {
  ClipFrames out;
  if (states.rows() < 2) return out;
  const Matrix* const self = &states;
  const Matrix centred = less(states, corpus_mean);
  const Matrix deviations = less(states, mean_row({&self, 1}));
  out.cosine = mean_cosine(states);
  out.adjacent_cosine = mean_adjacent_cosine(states);
  out.cosine_centred = mean_cosine(centred);
  out.adjacent_cosine_centred = mean_adjacent_cosine(centred);
  out.effective_rank = effective_rank(states);
  out.within_square_sum = square_sum(deviations);
  out.total_square_sum = square_sum(centred);
  if (const double all = square_sum(states); all > 0) {
    out.rank1_residual = std::sqrt(out.within_square_sum / all);
  }
  out.high_frequency = high_frequency_share(deviations);
  return out;
}

std::optional<double> random_cosine(std::span<const Matrix* const> clips,
                                    std::span<const double> centre, std::uint64_t seed,
                                    std::size_t n_pairs) {
  if (clips.size() < 2) return std::nullopt;
  Random random(seed);
  const auto frame_of = [&](const Matrix& clip) {
    const std::span<const double> row = clip.row(random.below(clip.rows()));
    std::vector<double> out(row.begin(), row.end());
    for (std::size_t k = 0; k < out.size(); ++k) out[k] -= centre[k];
    return out;
  };
  double sum = 0;
  double n = 0;
  for (std::size_t pair = 0; pair < n_pairs; ++pair) {
    const std::size_t a = random.below(clips.size());
    const std::size_t b = (a + 1 + random.below(clips.size() - 1)) % clips.size();
    const std::vector<double> frame = frame_of(*clips[a]);
    if (const auto each = cosine(frame, frame_of(*clips[b]))) {
      sum += *each;
      ++n;
    }
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

}  // namespace musicrep

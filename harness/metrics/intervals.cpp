#include "metrics/intervals.h"

#include <cassert>
#include <cmath>

#include "metrics/bootstrap.h"

namespace musicrep {

Interval bootstrap_interval(std::size_t n,
                            const std::function<double(std::span<const std::size_t>)>& score,
                            std::uint64_t seed, std::size_t n_resamples) {
  return percentile_interval(bootstrap_scores(n, score, seed, n_resamples));
}

Interval cluster_bootstrap_interval(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& score, std::uint64_t seed,
    std::size_t n_resamples) {
  return percentile_interval(cluster_bootstrap_scores(group, n_groups, score, seed, n_resamples));
}

Interval wilson_interval(std::size_t k, std::size_t n, double z) {
  assert(k <= n);
  if (n == 0) return {0, 1};
  const auto items = static_cast<double>(n);
  const double share = static_cast<double>(k) / items;
  const double scale = 1 + z * z / items;
  const double centre = (share + z * z / (2 * items)) / scale;
  const double half =
      z * std::sqrt(share * (1 - share) / items + z * z / (4 * items * items)) / scale;
  // At the edges centre and half cancel, but for a rounding error.
  return {k == 0 ? 0 : centre - half, k == n ? 1 : centre + half};
}

}  // namespace musicrep

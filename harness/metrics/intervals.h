// 95 % intervals by the bootstrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace musicrep {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Percentile bootstrap over items (Efron and Tibshirani 1993, ch. 13): `n_resamples` times n items
/// are drawn with replacement, `score` sees their indices [n]; the 2.5 and 97.5 percentiles come
/// back (linear interpolation, as numpy.percentile). n and n_resamples are at least 1. The bits
/// depend on `seed` alone. NaN at both ends where a resample's score is NaN.
Interval bootstrap_interval(std::size_t n,
                            const std::function<double(std::span<const std::size_t>)>& score,
                            std::uint64_t seed, std::size_t n_resamples = 2000);

/// The same over groups of items drawn whole (cluster bootstrap): group[i] in [0, n_groups). For
/// items that share an artist or a fold's model and so do not err independently. As many groups
/// are drawn as have items, so the number of items differs between resamples; groups without items
/// count for nothing.
Interval cluster_bootstrap_interval(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& score, std::uint64_t seed,
    std::size_t n_resamples = 2000);

/// Wilson's score interval for a share of k in n (Wilson 1927); exact at the edges 0 and 1. No
/// items, n = 0, say nothing: [0, 1].
Interval wilson_interval(std::size_t k, std::size_t n, double z = 1.959963984540054);

}  // namespace musicrep

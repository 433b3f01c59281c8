// The resampling that intervals and paired tests share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "metrics/intervals.h"

namespace musicrep {

/// The scores [n_resamples] of resamples of n items, in the order drawn. All draws come from one
/// Random(seed), item by item.
std::vector<double> bootstrap_scores(
    std::size_t n, const std::function<double(std::span<const std::size_t>)>& score,
    std::uint64_t seed, std::size_t n_resamples);

/// The same with groups of items drawn whole: group[i] in [0, n_groups) is item i's. As many groups
/// are drawn as have items. Where each item is its own group, the draws are bootstrap_scores()'s.
std::vector<double> cluster_bootstrap_scores(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& score, std::uint64_t seed,
    std::size_t n_resamples);

/// The 2.5 and 97.5 percentiles of `values` [n], n >= 1, by linear interpolation (type 7 of Hyndman
/// and Fan 1996), with numpy.percentile's bits. NaN where a value is NaN.
Interval percentile_interval(std::vector<double> values);

}  // namespace musicrep

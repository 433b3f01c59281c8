#include "metrics/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/random.h"

namespace musicrep {
namespace {

/// `sorted` ascending, `share` in [0, 1].
double percentile(const std::vector<double>& sorted, double share) {
  const double position = static_cast<double>(sorted.size() - 1) * share;
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double low = sorted[below];
  const double high = sorted[below + 1];
  const double t = position - static_cast<double>(below);
  // numpy measures from the nearer end; it shows in the last bit.
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}

}  // namespace

std::vector<double> bootstrap_scores(
    std::size_t n, const std::function<double(std::span<const std::size_t>)>& score,
    std::uint64_t seed, std::size_t n_resamples) {
  assert(n >= 1);
  Random random(seed);
  std::vector<std::size_t> items(n);
  std::vector<double> scores(n_resamples);
  for (double& resample_score : scores) {
    for (std::size_t& item : items) item = random.below(n);
    resample_score = score(items);
  }
  return scores;
}

std::vector<double> cluster_bootstrap_scores(
    std::span<const std::size_t> group, std::size_t n_groups,
    const std::function<double(std::span<const std::size_t>)>& score, std::uint64_t seed,
    std::size_t n_resamples) {
  assert(!group.empty());
  std::vector<std::vector<std::size_t>> members(n_groups);
  for (std::size_t i = 0; i < group.size(); ++i) {
    assert(group[i] < n_groups);
    members[group[i]].push_back(i);
  }
  std::erase_if(members, [](const auto& items) { return items.empty(); });

  Random random(seed);
  std::vector<std::size_t> drawn;  // keeps its memory from one resample to the next
  drawn.reserve(2 * group.size());
  std::vector<double> scores(n_resamples);
  for (double& resample_score : scores) {
    drawn.clear();
    for (std::size_t draw = 0; draw < members.size(); ++draw) {
      const std::vector<std::size_t>& items = members[random.below(members.size())];
      drawn.insert(drawn.end(), items.begin(), items.end());
    }
    resample_score = score(drawn);
  }
  return scores;
}

Interval percentile_interval(std::vector<double> values) {
  assert(!values.empty());
  if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); })) {
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  }
  std::sort(values.begin(), values.end());
  return {percentile(values, 0.025), percentile(values, 0.975)};
}

}  // namespace musicrep

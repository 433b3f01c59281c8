#include "metrics/multiple_tests.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace musicrep {

std::vector<double> holm(std::span<const double> p_values) {
  assert(std::ranges::all_of(p_values, [](double p) { return p >= 0 && p <= 1; }));
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto remaining = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, remaining * p_values[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

}  // namespace musicrep

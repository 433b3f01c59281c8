#include "core/usable_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace musicrep {
namespace {

constexpr double kSquareOverflows = 1e150;
constexpr double kDigits = 1e15;  // doubles resolve relative differences below its inverse

bool is_plain(double v) { return std::abs(v) <= kLargestValue; }  // false for NaN

/// What numpy.nan_to_num puts in the place of infinity.
bool stands_for_infinity(double v) {
  const double size = std::abs(v);
  return size == std::numeric_limits<double>::max() ||
         size == static_cast<double>(std::numeric_limits<float>::max());
}

/// The smallest magnitude of each column that holds a value which is not plain; 0 of the others.
std::vector<double> smallest_of_suspects(const Matrix& x) {
  std::vector<bool> suspect(x.cols(), false);
  bool any = false;
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      if (is_plain(x.at(r, c))) continue;
      suspect[c] = any = true;
    }
  }
  std::vector<double> smallest(x.cols(), 0);
  if (!any) return {};
  for (std::size_t c = 0; c < x.cols(); ++c) {
    if (!suspect[c]) continue;
    smallest[c] = std::numeric_limits<double>::infinity();
    for (std::size_t r = 0; r < x.rows(); ++r) {
      smallest[c] = std::fmin(smallest[c], std::abs(x.at(r, c)));  // passes over NaN
    }
  }
  return smallest;
}

/// Why `v` cannot be used with a value of the size `smallest`; empty where it can.
std::string expectation(double v, double smallest) {
  if (!std::isfinite(v)) return "a finite number";
  if (stands_for_infinity(v)) {
    return "a finite number (this is what numpy.nan_to_num makes of infinity)";
  }
  if (std::abs(v) > kSquareOverflows) {
    return fmt::format("a number between -{0:g} and {0:g}, whose square does not overflow",
                       kSquareOverflows);
  }
  if (std::abs(v) > kLargestValue && std::abs(v) > kDigits * smallest) {
    return fmt::format(
        "a number up to {:g}, or at most {:g} times as large as the others of its "
        "column (the smallest is {:g})",
        kLargestValue, kDigits, smallest);
  }
  return "";
}

}  // namespace

std::vector<UnusableValue> unusable_values(const Matrix& x) {
  std::vector<UnusableValue> out;
  const std::vector<double> smallest = smallest_of_suspects(x);
  if (smallest.empty()) return out;
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      const double v = x.at(r, c);
      if (is_plain(v)) continue;
      std::string expected = expectation(v, smallest[c]);
      if (!expected.empty()) out.push_back({r, c, v, std::move(expected)});
    }
  }
  return out;
}

std::string unusable_value_text(const UnusableValue& value) {
  return fmt::format("column {}: found {}, expected {}", value.column, value.value, value.expected);
}

}  // namespace musicrep

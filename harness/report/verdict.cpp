#include "report/verdict.h"

#include <cmath>

#include "report/markdown_text.h"

namespace musicrep {

std::string verdict(double ours, double low, double high, double published) {
  // The margin is for the last bit of a decimal fraction.
  constexpr double kHalfDigit = 0.0005 + 1e-12;
  if (std::isnan(ours)) return "no score";
  if (std::abs(ours - published) <= kHalfDigit || score_text(ours) == score_text(published)) {
    return "reproduced";
  }
  return low <= published && published <= high ? "within the interval" : "differs";
}

}  // namespace musicrep

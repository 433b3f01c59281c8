#include "metrics/estimate.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>

namespace musicrep {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// P(T > t) for Student's T.
double upper_tail(double t, double degrees_of_freedom) {
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  const boost::math::students_t_distribution<double> student(degrees_of_freedom);
  return boost::math::cdf(boost::math::complement(student, t));
}

/// Of a share. One without an error (0, 1, or the same in every group) is known as well as n units
/// allow.
double effective_size(const Estimate& e, double n) {
  const double p = std::clamp(e.value, 0.0, 1.0);
  const double variance = e.standard_error * e.standard_error;
  // Errors of groups that cancel leave a rounding error.
  return p * (1 - p) > 0 && variance > 1e-20 ? p * (1 - p) / variance : n;
}

Interval share_interval(const Estimate& e, double n, double t) {
  const double p = std::clamp(e.value, 0.0, 1.0);
  const double spread = p * (1 - p);
  const double size = effective_size(e, n);
  const double scale = 1 + t * t / size;
  const double centre = (p + t * t / (2 * size)) / scale;
  const double half = t * std::sqrt(spread / size + t * t / (4 * size * size)) / scale;
  // At the edges centre and half cancel, but for rounding.
  return {p == 0 ? 0 : std::max(0.0, centre - half), p == 1 ? 1 : std::min(1.0, centre + half)};
}

}  // namespace

double student_quantile(double p, double degrees_of_freedom) {
  assert(p > 0 && p < 1 && degrees_of_freedom > 0);
  const boost::math::students_t_distribution<double> student(degrees_of_freedom);
  return boost::math::quantile(student, p);
}

namespace {

/// All values of a scale: the interval of an estimate that nothing is known of.
Interval whole_scale(Scale scale) {
  if (scale == Scale::kUnbounded) return {-kInfinity, kInfinity};
  if (scale == Scale::kCorrelation) return {-1, 1};
  return {scale == Scale::kRatio ? -kInfinity : 0, 1};
}

}  // namespace

Interval interval_of(const Estimate& e, Scale scale, double n, double level) {
  assert(level > 0 && level < 1 && n > 0);
  if (std::isinf(e.standard_error)) return whole_scale(scale);
  const double t = student_quantile(0.5 + level / 2, e.degrees_of_freedom);
  switch (scale) {
    case Scale::kShare:
      return share_interval(e, n, t);
    case Scale::kRatio: {
      const double ratio = 1 - e.value;
      if (ratio <= 0) return {e.value, e.value};
      const double half = t * e.standard_error / ratio;
      return {1 - ratio * std::exp(half), 1 - ratio * std::exp(-half)};
    }
    case Scale::kCorrelation: {
      const double spread = 1 - e.value * e.value;
      if (spread <= 0) return {e.value, e.value};
      const double half = t * e.standard_error / spread;
      return {std::tanh(std::atanh(e.value) - half), std::tanh(std::atanh(e.value) + half)};
    }
    case Scale::kUnbounded:
      return t_interval(e, level);
    case Scale::kMean:
      break;
  }
  return {std::max(0.0, e.value - t * e.standard_error),
          std::min(1.0, e.value + t * e.standard_error)};
}

Interval t_interval(const Estimate& e, double level) {
  if (std::isinf(e.standard_error)) return {-kInfinity, kInfinity};
  const double half = student_quantile(0.5 + level / 2, e.degrees_of_freedom) * e.standard_error;
  return {e.value - half, e.value + half};
}

double p_value(const Estimate& e, double expected) {
  const double difference = std::abs(e.value - expected);
  if (difference == 0 || std::isinf(e.standard_error)) return 1;
  return 2 * upper_tail(difference / e.standard_error, e.degrees_of_freedom);
}

double p_value_of(const Estimate& e, Scale scale, double n, double expected) {
  if (e.value == expected || std::isinf(e.standard_error)) return 1;
  double t = kInfinity;
  if (scale == Scale::kShare) {
    const double variance = expected * (1 - expected) / effective_size(e, n);
    if (variance > 0) t = std::abs(e.value - expected) / std::sqrt(variance);
  } else if (scale == Scale::kRatio) {
    const double ratio = 1 - e.value;
    if (ratio > 0 && expected < 1) {
      t = std::abs(std::log(ratio / (1 - expected))) * ratio / e.standard_error;
    }
  } else if (scale == Scale::kCorrelation) {
    const double spread = 1 - e.value * e.value;
    if (spread > 0 && std::abs(expected) < 1) {
      t = std::abs(std::atanh(e.value) - std::atanh(expected)) * spread / e.standard_error;
    }
  } else {
    t = std::abs(e.value - expected) / e.standard_error;
  }
  return 2 * upper_tail(t, e.degrees_of_freedom);
}

double p_equivalent(const Estimate& e, double margin) {
  assert(margin > 0);
  if (std::isinf(e.standard_error)) return 1;
  const double distance = margin - std::abs(e.value);
  if (e.standard_error == 0) return distance > 0 ? 0 : 1;
  return upper_tail(distance / e.standard_error, e.degrees_of_freedom);
}

double smallest_detectable(const Estimate& e) {
  if (std::isinf(e.standard_error)) return kInfinity;
  return (student_quantile(0.975, e.degrees_of_freedom) +
          student_quantile(0.8, e.degrees_of_freedom)) *
         e.standard_error;
}

}  // namespace musicrep

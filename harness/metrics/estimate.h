// An estimate with its standard error, and what follows from the two: intervals and p-values.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

struct Interval {
  double low = 0;
  double high = 0;
};

/// A number measured on a sample, on the way to its expectation over new samples.
struct Estimate {
  double value = 0;
  /// Infinite where the sample is too small to say anything (one item, one group).
  double standard_error = 0;
  /// Of Student's t; at least 1 where the standard error is finite.
  double degrees_of_freedom = 1;
};

/// The scale on which an estimate is nearly normal, and the values that it can take.
enum class Scale {
  kShare,        ///< right answers among all: in [0, 1]
  kRatio,        ///< 1 less a ratio of sums of squares, such as r2: at most 1
  kMean,         ///< a mean of values in [0, 1]
  kCorrelation,  ///< a correlation: in [-1, 1]
  kUnbounded,    ///< any number
};

/// The two-sided interval of `estimate` at `level`, from n independent units (items, or the
/// effective number of groups):
/// - kShare: Wilson's score interval (Wilson 1927) with the effective sample size value (1 - value)
///   / standard_error^2 and Student's quantile (Korn and Graubard 1998), so that 0 and 1 have an
///   interval, too: there, the effective size is n;
/// - kRatio: value +- t * standard_error on the scale log(1 - value);
/// - kMean: value +- t * standard_error, cut at 0 and 1;
/// - kCorrelation: value +- t * standard_error on Fisher's scale, the inverse hyperbolic tangent;
/// - kUnbounded: value +- t * standard_error.
Interval interval_of(const Estimate& estimate, Scale scale, double n, double level = 0.95);

/// value +- t * standard_error, for differences.
Interval t_interval(const Estimate& estimate, double level = 0.95);

/// Two-sided p-value of Student's t-test that the expectation is `expected`. 1 where the value is
/// `expected`, or the standard error is infinite; 0 where the standard error is 0.
double p_value(const Estimate& estimate, double expected = 0);

/// Two-sided p-value of the test that interval_of() inverts, that the expectation is `expected`:
/// below 1 - level exactly where the interval at that level leaves it out. Of shares Wilson's score
/// test, whose variance is that of `expected`: none of 10 right is not certain to be less than 1 %.
double p_value_of(const Estimate& estimate, Scale scale, double n, double expected);

/// P-value of the test that the expectation is outside [-margin, margin], margin > 0: the larger
/// of two one-sided t-tests (Schuirmann 1987). Small: the two are equivalent within the margin.
double p_equivalent(const Estimate& estimate, double margin);

/// Smallest true difference that a two-sided t-test at 5 % finds with 80 % power: (t_.975 + t_.80)
/// times the standard error.
double smallest_detectable(const Estimate& estimate);

/// The p quantile of Student's distribution, p in (0, 1); any positive degrees of freedom.
double student_quantile(double p, double degrees_of_freedom);

}  // namespace musicrep

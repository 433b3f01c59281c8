#include "probe/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

#include "core/stop.h"

namespace musicrep {
namespace {

constexpr std::size_t kHistory = 10;
constexpr int kMostTrials = 60;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

double largest(std::span<const double> values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

/// A step that was taken, and how it changed the gradient.
struct Step {
  std::vector<double> s;
  std::vector<double> y;
  double rho = 0;
};

/// The inverse Hessian's estimate times -gradient.
std::vector<double> direction(std::span<const double> gradient, const std::deque<Step>& steps) {
  std::vector<double> d(gradient.begin(), gradient.end());
  std::vector<double> alpha(steps.size());
  for (std::size_t k = steps.size(); k-- > 0;) {
    alpha[k] = steps[k].rho * dot(steps[k].s, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] -= alpha[k] * steps[k].y[i];
  }
  if (!steps.empty()) {
    const Step& last = steps.back();
    const double scale = 1 / (last.rho * dot(last.y, last.y));
    for (double& v : d) v *= scale;
  }
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const double beta = steps[k].rho * dot(steps[k].y, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] += (alpha[k] - beta) * steps[k].s[i];
  }
  for (double& v : d) v = -v;
  return d;
}

struct Point {
  std::vector<double> at;
  std::vector<double> gradient;
  double value = 0;
};

/// Goes along `d` from `from`; false where no step is lower.
bool search(const SmoothFunction& function, const Point& from, std::span<const double> d,
            double first, Point& to) {
  constexpr double kArmijo = 1e-4;
  constexpr double kCurvature = 0.9;
  const double slope = dot(from.gradient, d);
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  double step = first;
  for (int trial = 0; trial < kMostTrials; ++trial) {
    for (std::size_t i = 0; i < to.at.size(); ++i) to.at[i] = from.at[i] + step * d[i];
    to.value = function(to.at, to.gradient);
    if (!(to.value <= from.value + kArmijo * step * slope)) {
      high = step;
    } else if (dot(to.gradient, d) < kCurvature * slope) {
      low = step;
    } else {
      return true;
    }
    step = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return to.value < from.value;
}

}  // namespace

LbfgsResult minimise(const SmoothFunction& function, std::vector<double> start,
                     const LbfgsOptions& options) {
  Point now{std::move(start), {}, 0};
  now.gradient.resize(now.at.size());
  now.value = function(now.at, now.gradient);
  Point next = now;
  std::deque<Step> steps;
  LbfgsResult out;
  while (largest(now.gradient) > options.tolerance && out.iterations < options.max_iterations) {
    throw_if_stop_requested();
    ++out.iterations;
    const std::vector<double> d = direction(now.gradient, steps);
    const double first = steps.empty() ? std::min(1.0, 1 / largest(now.gradient)) : 1.0;
    if (!search(function, now, d, first, next)) break;
    Step step;
    for (std::size_t i = 0; i < d.size(); ++i) {
      step.s.push_back(next.at[i] - now.at[i]);
      step.y.push_back(next.gradient[i] - now.gradient[i]);
    }
    const double curvature = dot(step.s, step.y);
    std::swap(now, next);
    if (!(curvature > 0)) continue;
    step.rho = 1 / curvature;
    steps.push_back(std::move(step));
    if (steps.size() > kHistory) steps.pop_front();
  }
  out.converged = largest(now.gradient) <= options.tolerance;
  out.at = std::move(now.at);
  out.value = now.value;
  return out;
}

}  // namespace musicrep

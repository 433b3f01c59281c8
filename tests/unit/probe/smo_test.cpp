#include "probe/smo.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/stop.h"
#include "musicrep/error.h"
#include "probe_problems.h"

namespace musicrep {
namespace {

SmoResult solve(const Matrix& kernel, const std::vector<double>& linear,
                const std::vector<signed char>& y, double c,
                std::int64_t max_iterations = 10'000'000) {
  MatrixRows rows(kernel);
  return solve_smo({linear, y, c, 1e-3, max_iterations}, rows);
}

SmoResult solve_svc(const Matrix& kernel, const std::vector<signed char>& y, double c) {
  return solve(kernel, std::vector<double>(y.size(), -1.0), y, c);
}

struct SvrForm {
  std::vector<double> linear;
  std::vector<signed char> y;
};

SvrForm svr_form(const std::vector<double>& targets, double epsilon) {
  const std::size_t m = targets.size();
  SvrForm form{std::vector<double>(2 * m), std::vector<signed char>(2 * m, -1)};
  for (std::size_t k = 0; k < m; ++k) {
    form.linear[k] = epsilon - targets[k];
    form.linear[m + k] = epsilon + targets[k];
    form.y[k] = 1;
  }
  return form;
}

struct Check {
  double violation = 0;  ///< of the KKT conditions: greatest up minus least low
  double balance = 0;    ///< |y'a|
  double objective = 0;
  bool in_box = true;
};

/// Everything that defines a solution, from the plain formulas on the kernel that the solver saw.
Check check(const SmoResult& solved, const Matrix& kernel, const std::vector<double>& linear,
            const std::vector<signed char>& y, double c) {
  const std::size_t n = y.size();
  const std::size_t m = kernel.rows();
  Check out;
  double up = -std::numeric_limits<double>::infinity();
  double low = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < n; ++s) {
    double gradient = linear[s];
    for (std::size_t t = 0; t < n; ++t) {
      // The diagonal is held in double, the rest in float32.
      const double k = static_cast<double>(static_cast<float>(kernel.at(s % m, t % m)));
      gradient += y[s] * y[t] * k * solved.alpha[t];
    }
    const double a = solved.alpha[s];
    out.balance += y[s] * a;
    out.objective += a * (gradient + linear[s]) / 2;
    out.in_box = out.in_box && a >= 0 && a <= c;
    const double f = -y[s] * gradient;
    if (y[s] > 0 ? a < c : a > 0) up = std::max(up, f);
    if (y[s] > 0 ? a > 0 : a < c) low = std::min(low, f);
  }
  out.balance = std::abs(out.balance);
  out.violation = up - low;
  return out;
}

}  // namespace

TEST_CASE("two points on a line are solved as by hand") {
  // x = -1 and 1: w = 2 a, and min 2 a^2 - 2 a gives a = 1/2.
  const Matrix kernel(2, 2, {1, -1, -1, 1});
  const SmoResult free = solve_svc(kernel, {-1, 1}, 1);
  CHECK(free.alpha[0] == Approx(0.5).epsilon(1e-12));
  CHECK(free.alpha[1] == Approx(0.5).epsilon(1e-12));
  CHECK(free.rho == Approx(0).margin(1e-12));
  CHECK(free.objective == Approx(-0.5).epsilon(1e-12));
  CHECK(free.iterations == 1);
  CHECK_FALSE(free.cap_hit);
  // C = 0.1 keeps both at the bound: 2 * 0.01 - 2 * 0.1.
  const SmoResult bound = solve_svc(kernel, {-1, 1}, 0.1);
  CHECK(bound.alpha == std::vector<double>{0.1, 0.1});
  CHECK(bound.objective == Approx(-0.18).epsilon(1e-12));
  CHECK(bound.rho == Approx(0).margin(1e-12));
}

TEST_CASE("a point beyond the margin has no weight") {
  // x = 0 (class -1), 2 and 5 (class +1): w = 1, the border at 1.
  const Matrix kernel(3, 3, {0, 0, 0, 0, 4, 10, 0, 10, 25});
  const SmoResult solved = solve_svc(kernel, {-1, 1, 1}, 10);
  CHECK(solved.alpha[0] == Approx(0.5).epsilon(1e-12));
  CHECK(solved.alpha[1] == Approx(0.5).epsilon(1e-12));
  CHECK(solved.alpha[2] == 0);
  CHECK(solved.rho == Approx(1).epsilon(1e-12));
}

TEST_CASE("indistinguishable points go to the bound") {
  // One place, labels in conflict: the curvature is 0 and libsvm's stand-in takes its place.
  const Matrix kernel(4, 4, std::vector<double>(16, 1.0));
  const SmoResult even = solve_svc(kernel, {1, 1, -1, -1}, 2);
  CHECK(even.alpha == std::vector<double>(4, 2.0));
  CHECK(even.objective == Approx(-8));
  CHECK(even.rho == Approx(0).margin(1e-12));
  // Three against one: the one limits the three.
  const SmoResult odd = solve_svc(kernel, {1, 1, 1, -1}, 2);
  CHECK(odd.alpha[3] == 2);
  CHECK(odd.alpha[0] + odd.alpha[1] + odd.alpha[2] == Approx(2));
  CHECK(odd.objective == Approx(-4));
}

TEST_CASE("regression through two points is solved as by hand") {
  // x = 1 and -1, y = 1 and -1, epsilon = 0.1: the flattest line in the epsilon has w = 0.9.
  const Matrix kernel(2, 2, {1, -1, -1, 1});
  const SvrForm form = svr_form({1, -1}, 0.1);
  const SmoResult free = solve(kernel, form.linear, form.y, 1);
  CHECK(free.alpha[0] - free.alpha[2] == Approx(0.45).epsilon(1e-12));
  CHECK(free.alpha[1] - free.alpha[3] == Approx(-0.45).epsilon(1e-12));
  CHECK(free.rho == Approx(0).margin(1e-12));
  CHECK(free.objective == Approx(-0.405).epsilon(1e-12));
  const SmoResult bound = solve(kernel, form.linear, form.y, 0.2);
  CHECK(bound.alpha == std::vector<double>{0.2, 0, 0, 0.2});
}

TEST_CASE("targets inside the epsilon need no weight") {
  const Matrix kernel(2, 2, {1, -1, -1, 1});
  const SvrForm form = svr_form({0.30, 0.35}, 0.1);
  const SmoResult solved = solve(kernel, form.linear, form.y, 1);
  CHECK(solved.alpha == std::vector<double>(4, 0.0));
  CHECK(solved.iterations == 0);
  CHECK(-solved.rho == Approx(0.325).epsilon(1e-12));
}

TEST_CASE("the cap on iterations is kept and reported") {
  const TestProblem problem = random_classes(60, 4, 2, 0.3, false, 7);
  const Matrix kernel = plain_kernel(problem.x, Kernel::kRbf, 0.2);
  std::vector<signed char> y;
  for (const double label : problem.y) y.push_back(label > 0 ? 1 : -1);
  const std::vector<double> linear(60, -1.0);
  const SmoResult capped = solve(kernel, linear, y, 1, 3);
  CHECK(capped.iterations == 3);
  CHECK(capped.cap_hit);
  const Check found = check(capped, kernel, linear, y, 1);
  CHECK(found.balance < 1e-12);
  CHECK(found.objective == Approx(capped.objective).epsilon(1e-9));
  const SmoResult whole = solve(kernel, linear, y, 1);
  CHECK(whole.iterations > 3);
  CHECK_FALSE(whole.cap_hit);
  CHECK(whole.objective < capped.objective);
}

TEST_CASE("a request to stop ends a long fit") {
  struct Reset {
    ~Reset() { request_stop(0); }
  } const reset;
  const TestProblem problem = random_values(80, 4, 0.5, 8);
  const SvrForm form = svr_form(problem.y, 0.1);
  const Matrix kernel = plain_kernel(problem.x, Kernel::kLinear, 0);
  request_stop(2);
  CHECK_THROWS_AS(solve(kernel, form.linear, form.y, 1), Error);
  request_stop(0);
  CHECK(solve(kernel, form.linear, form.y, 1).iterations > 160);
}

TEST_CASE("random solutions keep the KKT conditions") {
  const auto n = GENERATE(as<std::size_t>(), 4, 33, 150, 300);
  const auto c = GENERATE(0.1, 2.0, 32.0);
  const auto gamma = GENERATE(0.001, 0.1, 3.0);
  const bool classification = GENERATE(true, false);
  CAPTURE(n, c, gamma, classification);
  const TestProblem problem =
      classification ? random_classes(n, 5, 2, 0.5, false, n) : random_values(n, 5, 0.2, n);
  const Matrix kernel = plain_kernel(problem.x, Kernel::kRbf, gamma);
  std::vector<signed char> y;
  std::vector<double> linear(n, -1.0);
  if (classification) {
    for (const double label : problem.y) y.push_back(label > 0 ? 1 : -1);
  } else {
    SvrForm form = svr_form(problem.y, 0.1);
    y = std::move(form.y);
    linear = std::move(form.linear);
  }
  const SmoResult solved = solve(kernel, linear, y, c);
  const Check found = check(solved, kernel, linear, y, c);
  CHECK(found.violation <= 1e-3 + 1e-8);
  CHECK(found.balance < 1e-9);
  CHECK(found.in_box);
  CHECK(solved.objective == Approx(found.objective).epsilon(1e-7).margin(1e-9));
}

}  // namespace musicrep

#include "probe/fit.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/stop.h"
#include "musicrep/error.h"
#include "probe_problems.h"

namespace musicrep {
namespace {

std::vector<FitResult> fit(const TestProblem& problem, const std::vector<Split>& splits,
                           const std::vector<ProbeConfig>& configs,
                           const FitOptions& options = {}) {
  return fit_predict({problem.x, problem.y, problem.classification, splits, configs,
                      all_jobs(splits.size(), configs.size())},
                     options);
}

double accuracy(const TestProblem& problem, const Split& split, const FitResult& result) {
  double hits = 0;
  for (std::size_t k = 0; k < split.test.size(); ++k) {
    if (result.predicted[k] == problem.y[split.test[k]]) ++hits;
  }
  return hits / static_cast<double>(split.test.size());
}

/// Takes the request back, whatever happens.
struct StopReset {
  ~StopReset() { request_stop(0); }
};

}  // namespace

TEST_CASE("classes that lie apart are reported apart") {
  const TestProblem problem = random_classes(200, 6, 5, 6, false, 1);
  const auto splits = rotating_splits(200, 2);
  const auto results =
      fit(problem, splits, {{Kernel::kRbf, 1, {}, true}, {Kernel::kLinear, 1, {}, false}});
  REQUIRE(results.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(results[k].predicted.size() == splits[k / 2].test.size());
    CHECK(accuracy(problem, splits[k / 2], results[k]) > 0.97);
    CHECK(results[k].iterations > 0);
    CHECK(results[k].objective < 0);
    CHECK_FALSE(results[k].cap_hit);
  }
  // With labels drawn at random there is nothing to find.
  TestProblem noise = problem;
  Random random(2);
  for (double& label : noise.y) label = static_cast<double>(random.below(5));
  CHECK(accuracy(noise, splits[0], fit(noise, splits, {{Kernel::kRbf, 1, {}, true}})[0]) < 0.5);
}

TEST_CASE("a decision of 0 goes to the higher class") {
  // A kernel that is 0 outside the diagonal: the tested item is as far from all of them.
  const TestProblem problem{
      Matrix(4, 4, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}), {4, 7, 9, 4}, true};
  const std::vector<Split> splits = {{{0, 1, 2}, {3}}};
  CHECK(fit(problem, splits, {{Kernel::kPrecomputed, 1, {}, false}})[0].predicted[0] == 9);
}

TEST_CASE("gamma follows its rule") {
  TestProblem problem = random_classes(40, 5, 2, 1, false, 3);
  const auto splits = rotating_splits(40, 2);
  const GammaRule automatic{GammaRule::Kind::kAuto, 0, "1/d"};
  const auto results = fit(problem, splits,
                           {{Kernel::kRbf, 1, {}, false},
                            {Kernel::kRbf, 1, {}, true},
                            {Kernel::kRbf, 1, automatic, false},
                            {Kernel::kRbf, 1, gamma_value(0.25), false},
                            {Kernel::kLinear, 1, {}, false}});
  for (std::size_t s = 0; s < 2; ++s) {
    const FitResult* of = &results[s * 5];
    const double variance = variance_of_entries(problem.x, splits[s].train);
    CHECK(of[0].gamma == Approx(1 / (5 * variance)).epsilon(1e-14));
    CHECK(of[1].gamma == Approx(0.2).epsilon(1e-12));  // standardised: variance 1
    CHECK(of[2].gamma == 0.2);
    CHECK(of[3].gamma == 0.25);
    CHECK(of[4].gamma == 0);
  }
  // The training rows alone decide, and they differ between splits.
  CHECK(results[0].gamma != results[5].gamma);
}

TEST_CASE("gamma 'scale' of constant features is 1") {
  TestProblem problem{Matrix(20, 3, std::vector<double>(60, 0.1)), {}, true};
  for (std::size_t i = 0; i < 20; ++i) problem.y.push_back(static_cast<double>(i % 2));
  for (const Solver solver : {Solver::kOwn, Solver::kLibsvm}) {
    FitOptions options;
    options.solver = solver;
    const auto results = fit(problem, rotating_splits(20, 1),
                             {{Kernel::kRbf, 1, {}, false}, {Kernel::kRbf, 1, {}, true}}, options);
    for (const FitResult& result : results) CHECK(result.gamma == 1);
  }
}

TEST_CASE("a scaler learns from training rows alone") {
  // The tested rows carry a huge column: were they learned from, the rest would vanish.
  TestProblem problem = random_classes(80, 3, 2, 4, false, 5);
  const auto splits = rotating_splits(80, 1);
  const auto before = fit(problem, splits, {{Kernel::kLinear, 1, {}, true}});
  TestProblem moved = problem;
  for (std::size_t k = 1; k < splits[0].test.size(); ++k) moved.x.at(splits[0].test[k], 1) = 1e6;
  const auto after = fit(moved, splits, {{Kernel::kLinear, 1, {}, true}});
  CHECK(before[0].objective == after[0].objective);
  CHECK(before[0].predicted[0] == after[0].predicted[0]);
}

TEST_CASE("a precomputed kernel gives what its kernel gives") {
  const bool classification = GENERATE(true, false);
  const TestProblem problem =
      classification ? random_classes(90, 4, 3, 1, false, 6) : random_values(90, 4, 0.1, 6);
  TestProblem matrix = problem;
  matrix.x = plain_kernel(problem.x, Kernel::kRbf, 0.2);
  const auto splits = rotating_splits(90, 3);
  const auto rbf = fit(problem, splits, {{Kernel::kRbf, 2, gamma_value(0.2), false}});
  for (const Solver solver : {Solver::kOwn, Solver::kLibsvm}) {
    for (const bool standardise : {false, true}) {  // a kernel matrix is never standardised
      FitOptions options;
      options.solver = solver;
      const auto given = fit(matrix, splits, {{Kernel::kPrecomputed, 2, {}, standardise}}, options);
      for (std::size_t s = 0; s < splits.size(); ++s) {
        REQUIRE(given[s].predicted.size() == rbf[s].predicted.size());
        for (std::size_t k = 0; k < given[s].predicted.size(); ++k) {
          CHECK(given[s].predicted[k] == Approx(rbf[s].predicted[k]).margin(1e-6));
        }
      }
    }
  }
}

TEST_CASE("the cap on iterations is reported") {
  const bool classification = GENERATE(true, false);
  const TestProblem problem =
      classification ? random_classes(60, 4, 3, 0.3, false, 7) : random_values(60, 4, 0.3, 7);
  FitOptions options;
  options.limits.max_iterations = 3;
  const auto splits = rotating_splits(60, 1);
  const auto capped = fit(problem, splits, {{Kernel::kRbf, 8, {}, false}}, options);
  CHECK(capped[0].cap_hit);
  CHECK(capped[0].iterations == (classification ? 9 : 3));  // three pairs of classes
  CHECK_FALSE(fit(problem, splits, {{Kernel::kRbf, 8, {}, false}})[0].cap_hit);
}

TEST_CASE("progress counts every job once") {
  const TestProblem problem = random_classes(40, 4, 2, 1, false, 8);
  std::vector<std::size_t> reported;
  FitOptions options;
  options.threads = 2;
  options.progress = [&](std::size_t done, std::size_t total) {
    CHECK(total == 6);
    reported.push_back(done);
  };
  fit(problem, rotating_splits(40, 3), {{Kernel::kRbf, 1, {}, false}, {Kernel::kRbf, 2, {}, false}},
      options);
  CHECK(std::ranges::is_sorted(reported));
  CHECK(reported.back() == 6);
}

TEST_CASE("only the jobs that are asked for are done, in their order") {
  const TestProblem problem = random_classes(60, 4, 2, 1, false, 9);
  const auto splits = rotating_splits(60, 3);
  const std::vector<ProbeConfig> configs = {{Kernel::kRbf, 1, gamma_value(0.1), true},
                                            {Kernel::kRbf, 4, gamma_value(0.1), true},
                                            {Kernel::kLinear, 1, {}, false}};
  const auto all = fit(problem, splits, configs);
  const std::vector<FitJob> jobs = {{2, 1}, {0, 2}, {1, 0}, {2, 1}};
  const auto some = fit_predict({problem.x, problem.y, true, splits, configs, jobs}, FitOptions{});
  REQUIRE(some.size() == jobs.size());
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    CHECK(same_bits(some[k], all[jobs[k].split * 3 + jobs[k].config]));
  }
  CHECK(fit_predict({problem.x, problem.y, true, splits, configs, {}}, FitOptions{}).empty());
}

TEST_CASE("a request to stop ends the fits") {
  const StopReset reset;
  const TestProblem problem = random_classes(60, 4, 2, 1, false, 10);
  const auto splits = rotating_splits(60, 4);
  const auto kind_of = [&](const FitOptions& options) {
    try {
      fit(problem, splits, {{Kernel::kRbf, 1, {}, true}}, options);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kUsage;
  };
  for (const Solver solver : {Solver::kOwn, Solver::kLibsvm}) {
    FitOptions options;
    options.solver = solver;
    std::size_t done = 0;
    options.progress = [&](std::size_t count, std::size_t) {
      done = count;
      request_stop(2);
    };
    CHECK(kind_of(options) == ErrorKind::kInterrupted);
    CHECK(done == 1);
    request_stop(0);
  }
  request_stop(15);
  CHECK(kind_of({}) == ErrorKind::kInterrupted);
}

}  // namespace musicrep

// What must not move a bit of a fit: threads, the processor, what is held in memory.
#include <catch2/catch.hpp>

#include "probe/fit.h"
#include "probe_problems.h"

namespace musicrep {
namespace {

struct Case {
  std::string name;
  TestProblem problem;
};

std::vector<Case> cases() {
  return {{"classes", random_classes(240, 7, 6, 0.8, true, 21)},
          {"values", random_values(240, 7, 0.2, 22)}};
}

const std::vector<ProbeConfig>& configs() {
  static const std::vector<ProbeConfig> list = {{Kernel::kRbf, 0.1, gamma_value(0.02), false},
                                                {Kernel::kRbf, 32, gamma_value(0.02), false},
                                                {Kernel::kRbf, 2, {}, false},
                                                {Kernel::kRbf, 2, {}, true},
                                                {Kernel::kRbf, 32, gamma_value(0.5), true},
                                                {Kernel::kLinear, 0.1, {}, true},
                                                {Kernel::kLinear, 0.5, {}, false}};
  return list;
}

std::vector<FitResult> fit(const TestProblem& problem, const FitOptions& options = {}) {
  const auto splits = rotating_splits(problem.x.rows(), 3);
  return fit_predict({problem.x, problem.y, problem.classification, splits, configs(),
                      all_jobs(splits.size(), configs().size())},
                     options);
}

void check_near(const std::vector<FitResult>& a, const std::vector<FitResult>& b, double margin) {
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    CAPTURE(k);
    REQUIRE(a[k].predicted.size() == b[k].predicted.size());
    for (std::size_t i = 0; i < a[k].predicted.size(); ++i) {
      REQUIRE(a[k].predicted[i] == Approx(b[k].predicted[i]).margin(margin));
    }
  }
}

}  // namespace

TEST_CASE("a fit's bits do not depend on the number of threads") {
  for (const auto& [name, problem] : cases()) {
    CAPTURE(name);
    const auto one = fit(problem);
    for (const std::size_t threads : {2U, 5U}) {
      for (const std::size_t dense : {0U, 3000U}) {
        FitOptions options;
        options.max_dense_items = dense;
        const auto reference = dense == 0 ? fit(problem, options) : one;
        options.threads = threads;
        CAPTURE(threads, dense);
        CHECK(same_bits(fit(problem, options), reference));
      }
    }
  }
}

TEST_CASE("a fit's bits do not depend on the instruction set") {
  InstructionSets sets;
  for (const auto& [name, problem] : cases()) {
    std::vector<FitResult> reference;
    for (const std::string& set : sets.names()) {
      CAPTURE(name, set);
      REQUIRE(simd::use_instruction_set(set));
      const auto results = fit(problem);
      if (reference.empty()) reference = results;
      CHECK(same_bits(results, reference));
    }
  }
}

TEST_CASE("rows held and rows cached give the same bits") {
  for (const auto& [name, problem] : cases()) {
    for (const std::size_t dense : {0U, 3000U}) {
      FitOptions options;
      options.max_dense_items = dense;
      const auto held = fit(problem, options);
      for (const std::size_t bytes : {1U, 20000U}) {  // three rows; about thirty
        CAPTURE(name, dense, bytes);
        options.limits.max_kernel_bytes = bytes;
        CHECK(same_bits(fit(problem, options), held));
      }
    }
  }
}

TEST_CASE("dense and streamed kernels predict the same") {
  for (const auto& [name, problem] : cases()) {
    CAPTURE(name);
    FitOptions streamed;
    streamed.max_dense_items = 0;
    check_near(fit(problem), fit(problem, streamed), problem.classification ? 0 : 1e-6);
  }
}

TEST_CASE("the same fit gives the same bits twice") {
  for (const auto& [name, problem] : cases()) {
    CAPTURE(name);
    CHECK(same_bits(fit(problem), fit(problem)));
  }
}

}  // namespace musicrep

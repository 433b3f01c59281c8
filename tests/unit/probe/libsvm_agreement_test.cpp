// The own solver compared with libsvm itself.
#include <fcntl.h>
#include <libsvm/svm.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>

#include "probe/libsvm_solver.h"
#include "probe/svm.h"
#include "probe_problems.h"
#include "test_files.h"

namespace musicrep {
namespace {

struct Case {
  std::string name;
  TestProblem problem;
};

/// Copies a third of the items over others, labels kept: duplicates, some of them in conflict.
TestProblem with_duplicates(TestProblem problem) {
  const std::size_t n = problem.x.rows();
  for (std::size_t i = 0; i + 1 < n; i += 3) {
    std::ranges::copy(problem.x.row(i), problem.x.row(i + 1).begin());
    if (i % 2 == 0) problem.y[i + 1] = problem.y[i];
  }
  return problem;
}

std::vector<Case> classification_cases() {
  std::vector<Case> out;
  out.push_back({"4 items", random_classes(8, 2, 2, 2, false, 31)});
  out.push_back({"two classes", random_classes(100, 5, 2, 0.5, false, 32)});
  out.push_back({"two unequal classes", random_classes(150, 5, 3, 0.5, true, 33)});
  out.push_back({"duplicates", with_duplicates(random_classes(120, 4, 3, 0.7, false, 34))});
  out.push_back({"five classes", random_classes(200, 8, 5, 0.5, true, 35)});
  out.push_back({"ten classes", random_classes(400, 10, 10, 0.6, true, 36)});
  return out;
}

std::vector<Case> regression_cases() {
  std::vector<Case> out;
  out.push_back({"4 items", random_values(8, 2, 0.1, 41)});
  out.push_back({"smooth", random_values(100, 3, 0.0, 42)});
  out.push_back({"noise", random_values(300, 6, 0.5, 43)});
  out.push_back({"duplicates", with_duplicates(random_values(150, 4, 0.2, 44))});
  TestProblem large = random_values(120, 4, 0.1, 45);
  for (double& v : large.y) v = 50 + 20 * v;
  out.push_back({"large values", std::move(large)});
  return out;
}

std::vector<ProbeConfig> all_configs(bool classification) {
  std::vector<ProbeConfig> configs;
  for (const bool standardise : {false, true}) {
    for (const double c : {0.1, 1.0, 32.0}) {
      for (const double gamma : {0.0005, 0.05, 2.0}) {
        configs.push_back({Kernel::kRbf, c, gamma_value(gamma), standardise});
      }
      configs.push_back({Kernel::kRbf, c, {}, standardise});
      if (classification || c < 2) configs.push_back({Kernel::kLinear, c, {}, standardise});
    }
  }
  return configs;
}

/// Greatest difference between own and libsvm's predictions, in units of the targets' spread.
double worst_difference(const TestProblem& problem, const std::vector<ProbeConfig>& configs) {
  const auto splits = rotating_splits(problem.x.rows(), 2);
  const auto jobs = all_jobs(splits.size(), configs.size());
  FitOptions options;
  const auto own =
      fit_predict({problem.x, problem.y, problem.classification, splits, configs, jobs}, options);
  options.solver = Solver::kLibsvm;
  const auto theirs =
      fit_predict({problem.x, problem.y, problem.classification, splits, configs, jobs}, options);
  const auto [least, greatest] = std::ranges::minmax(problem.y);
  double worst = 0;
  for (std::size_t k = 0; k < own.size(); ++k) {
    REQUIRE(own[k].predicted.size() == theirs[k].predicted.size());
    CHECK(own[k].gamma == theirs[k].gamma);
    for (std::size_t i = 0; i < own[k].predicted.size(); ++i) {
      const double difference = std::abs(own[k].predicted[i] - theirs[k].predicted[i]);
      if (difference / (greatest - least) > worst) worst = difference / (greatest - least);
    }
  }
  return worst;
}

/// beta'K beta / 2 + p'alpha in plain double sums. beta = y * alpha for each
/// training row; of the SVR only one of the two variables of a row is not 0.
double objective_of(const Matrix& kernel, const std::vector<double>& beta,
                    const std::vector<double>& y, bool classification, double epsilon) {
  double out = 0;
  for (std::size_t i = 0; i < beta.size(); ++i) {
    for (std::size_t j = 0; j < beta.size(); ++j) out += beta[i] * beta[j] * kernel.at(i, j) / 2;
    out += classification ? -std::abs(beta[i]) : epsilon * std::abs(beta[i]) - y[i] * beta[i];
  }
  return out;
}

/// The coefficients of libsvm's solution, one a training row.
std::vector<double> libsvm_coefficients(const TestProblem& problem, Kernel kernel, double gamma,
                                        double c) {
  const std::size_t n = problem.x.rows();
  const std::size_t width = problem.x.cols() + 1;
  std::vector<svm_node> nodes;
  for (std::size_t i = 0; i < n; ++i) {
    int index = 0;
    for (const double v : problem.x.row(i)) nodes.push_back({++index, v});
    nodes.push_back({-1, 0});
  }
  std::vector<svm_node*> starts;
  for (std::size_t i = 0; i < n; ++i) starts.push_back(nodes.data() + i * width);
  std::vector<double> y = problem.y;
  const svm_problem given{static_cast<int>(n), y.data(), starts.data()};
  svm_parameter parameter{};
  parameter.svm_type = problem.classification ? C_SVC : EPSILON_SVR;
  parameter.kernel_type = kernel == Kernel::kRbf ? RBF : LINEAR;
  parameter.gamma = gamma;
  parameter.cache_size = 200;
  parameter.eps = 1e-3;
  parameter.C = c;
  parameter.p = 0.1;
  parameter.shrinking = 1;
  svm_set_print_string_function([](const char*) {});
  svm_model* model = svm_train(&given, &parameter);
  std::vector<double> beta(n, 0.0);
  for (int k = 0; k < model->l; ++k) {
    beta[static_cast<std::size_t>(model->sv_indices[k] - 1)] = model->sv_coef[0][k];
  }
  svm_free_and_destroy_model(&model);
  return beta;
}

}  // namespace

TEST_CASE("classes are predicted as by libsvm") {
  for (const auto& [name, problem] : classification_cases()) {
    CAPTURE(name);
    CHECK(worst_difference(problem, all_configs(true)) == 0);
  }
}

TEST_CASE("values are predicted as by libsvm") {
  for (const auto& [name, problem] : regression_cases()) {
    CAPTURE(name);
    CHECK(worst_difference(problem, all_configs(false)) < 1e-6);
  }
}

TEST_CASE("precomputed kernels are solved as by libsvm") {
  for (auto problem : {random_classes(150, 5, 4, 0.5, true, 51), random_values(150, 5, 0.3, 52)}) {
    problem.x = plain_kernel(problem.x, Kernel::kRbf, 0.1);
    const std::vector<ProbeConfig> configs = {{Kernel::kPrecomputed, 0.1, {}, false},
                                              {Kernel::kPrecomputed, 32, {}, false}};
    CHECK(worst_difference(problem, configs) < 1e-6);
  }
}

TEST_CASE("the objective is libsvm's") {
  const bool classification = GENERATE(true, false);
  const Kernel kernel = GENERATE(Kernel::kRbf, Kernel::kLinear);
  const auto c = GENERATE(0.1, 2.0, 32.0);
  const auto gamma = GENERATE(0.01, 1.0);
  CAPTURE(classification, to_string(kernel), c, gamma);
  TestProblem problem =
      classification ? random_classes(120, 4, 2, 0.4, false, 61) : random_values(120, 4, 0.3, 62);
  if (classification) {
    // By class, the lower first, so that libsvm takes it for its positive class, as we do.
    for (std::size_t i = 0; i < 120; ++i) problem.y[i] = i < 60 ? 0 : 1;
  }
  // Both solvers see the kernel in float32, and so does the formula.
  Matrix values = plain_kernel(problem.x, kernel, gamma);
  for (std::size_t i = 0; i < 120; ++i) {
    for (double& v : values.row(i)) v = static_cast<double>(static_cast<float>(v));
  }
  std::vector<std::uint32_t> items;
  for (std::uint32_t i = 0; i < 120; ++i) items.push_back(i);
  const auto inner = std::make_shared<const Matrix>(gram(problem.x));
  const auto matrix = make_dense_kernel(kernel, gamma, inner);
  const double cs[] = {c};
  const FitResult own = classification
                            ? fit_predict_svc(*matrix, problem.y, {items, items}, cs, {})[0]
                            : fit_predict_svr(*matrix, problem.y, {items, items}, cs, 0.1, {})[0];
  const double theirs = objective_of(values, libsvm_coefficients(problem, kernel, gamma, c),
                                     problem.y, classification, 0.1);
  CHECK(own.objective == Approx(theirs).epsilon(1e-6));
  CHECK(own.objective < 0);
}

TEST_CASE("libsvm prints nothing") {
  const TempFolder folder;
  const TestProblem classes = random_classes(60, 4, 3, 0.5, false, 71);
  const TestProblem values = random_values(60, 4, 0.3, 72);
  const auto splits = rotating_splits(60, 1);
  const std::vector<ProbeConfig> configs = {{Kernel::kRbf, 1, {}, true}};
  FitOptions options;
  options.solver = Solver::kLibsvm;
  const auto fits = [&] {
    fit_predict({classes.x, classes.y, true, splits, configs, all_jobs(1, 1)}, options);
    fit_predict({values.x, values.y, false, splits, configs, all_jobs(1, 1)}, options);
  };
  std::vector<std::filesystem::path> files;
  std::vector<int> kept;
  std::fflush(nullptr);
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    files.push_back(folder.path() / std::to_string(descriptor));
    const int file = ::open(files.back().c_str(), O_WRONLY | O_CREAT, 0600);
    kept.push_back(::dup(descriptor));
    ::dup2(file, descriptor);
    ::close(file);
  }
  fits();
  std::fflush(nullptr);
  ::dup2(kept[0], STDOUT_FILENO);
  ::dup2(kept[1], STDERR_FILENO);
  for (const int descriptor : kept) ::close(descriptor);
  for (const auto& file : files) {
    REQUIRE(std::filesystem::exists(file));
    CHECK(bytes_of(file).empty());
  }
}

}  // namespace musicrep

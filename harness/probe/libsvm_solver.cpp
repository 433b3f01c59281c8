#include "probe/libsvm_solver.h"

#include <fmt/format.h>
#include <libsvm/svm.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "probe/fit.h"

namespace musicrep {
namespace {

struct FreeModel {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};

// Sparse rows: index, value, and -1 at the end. A precomputed kernel puts the row's number first.
void to_nodes(std::span<const double> row, svm_node* out) {
  for (std::size_t k = 0; k < row.size(); ++k) out[k] = {static_cast<int>(k + 1), row[k]};
  out[row.size()] = {-1, 0};
}

void precomputed_nodes(std::size_t serial, std::span<const double> row,
                       std::span<const std::uint32_t> train, svm_node* out) {
  out[0] = {0, static_cast<double>(serial)};
  for (std::size_t k = 0; k < train.size(); ++k) {
    out[k + 1] = {static_cast<int>(k + 1), row[train[k]]};
  }
  out[train.size() + 1] = {-1, 0};
}

int libsvm_kernel(Kernel kernel) {
  switch (kernel) {
    case Kernel::kLinear:
      return LINEAR;
    case Kernel::kRbf:
      return RBF;
    case Kernel::kPrecomputed:
      return PRECOMPUTED;
  }
  throw std::logic_error("a kernel that libsvm does not know");
}

}  // namespace

std::string libsvm_description() {
  return fmt::format("{}.{:02}", LIBSVM_VERSION / 100, LIBSVM_VERSION % 100);
}

FitResult fit_predict_libsvm(const Matrix& x, std::span<const double> y, bool classification,
                             const Split& split, const LibsvmParameters& parameters,
                             const FitLimits& limits) {
  static std::once_flag silence;
  std::call_once(silence, [] { svm_set_print_string_function([](const char*) {}); });

  std::vector<std::uint32_t> rows = split.train;
  if (classification) {
    std::ranges::stable_sort(rows, {}, [&](std::uint32_t r) { return y[r]; });
  }
  const bool precomputed = parameters.kernel == Kernel::kPrecomputed;
  const std::size_t width = precomputed ? rows.size() + 2 : x.cols() + 1;
  const auto fill = [&](std::uint32_t item, std::size_t serial, svm_node* out) {
    if (precomputed) {
      precomputed_nodes(serial, x.row(item), rows, out);
    } else {
      to_nodes(x.row(item), out);
    }
  };
  std::vector<svm_node> nodes(rows.size() * width);
  std::vector<svm_node*> starts(rows.size());
  std::vector<double> labels(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    starts[k] = nodes.data() + k * width;
    fill(rows[k], k + 1, starts[k]);
    labels[k] = y[rows[k]];
  }
  const svm_problem problem{static_cast<int>(rows.size()), labels.data(), starts.data()};
  svm_parameter parameter{};
  parameter.svm_type = classification ? C_SVC : EPSILON_SVR;
  parameter.kernel_type = libsvm_kernel(parameters.kernel);
  parameter.gamma = parameters.gamma;
  parameter.cache_size = 200;
  parameter.eps = limits.tolerance;
  parameter.C = parameters.c;
  parameter.p = parameters.epsilon;
  parameter.shrinking = 1;
  if (const char* refusal = svm_check_parameter(&problem, &parameter); refusal != nullptr) {
    throw std::logic_error(fmt::format("libsvm refuses the parameters: {}", refusal));
  }
  const std::unique_ptr<svm_model, FreeModel> model(svm_train(&problem, &parameter));
  FitResult result;
  result.gamma = parameters.gamma;
  std::vector<svm_node> probe(width);
  for (const std::uint32_t item : split.test) {
    fill(item, 0, probe.data());
    if (parameters.decisions) {
      double decision = 0;
      svm_predict_values(model.get(), probe.data(), &decision);
      result.predicted.push_back(-decision);  // positive for the first class
    } else {
      result.predicted.push_back(svm_predict(model.get(), probe.data()));
    }
  }
  return result;
}

}  // namespace musicrep

// Small problems for the tests of the probe.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "musicrep/matrix.h"
#include "probe/fit.h"
#include "probe/kernel.h"
#include "probe/simd.h"
#include "probe/smo.h"

namespace musicrep {

/// Features [n, d] and one class or value an item.
struct TestProblem {
  Matrix x;
  std::vector<double> y;
  bool classification = true;
};

/// Overlapping normal clouds of equal size, or the first ones larger where `unequal`.
inline TestProblem random_classes(std::size_t n, std::size_t d, std::size_t classes, double spread,
                                  bool unequal, std::uint64_t seed) {
  Random random(seed);
  TestProblem problem{Matrix(n, d), {}, true};
  Matrix centre(classes, d);
  for (std::size_t c = 0; c < classes; ++c) {
    for (double& v : centre.row(c)) v = spread * random.normal();
  }
  for (std::size_t i = 0; i < n; ++i) {
    // The second half of the items falls to the first half of the classes.
    const std::size_t among = unequal && i >= n / 2 ? (classes + 1) / 2 : classes;
    const std::size_t c = i % among;
    problem.y.push_back(static_cast<double>(c));
    for (std::size_t k = 0; k < d; ++k) problem.x.at(i, k) = centre.at(c, k) + random.normal();
  }
  return problem;
}

/// A smooth function of the features and noise.
inline TestProblem random_values(std::size_t n, std::size_t d, double noise, std::uint64_t seed) {
  Random random(seed);
  TestProblem problem{Matrix(n, d), {}, false};
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (double& v : problem.x.row(i)) {
      v = random.normal();
      sum += v;
    }
    problem.y.push_back(std::sin(sum) + 0.3 * problem.x.at(i, 0) + noise * random.normal());
  }
  return problem;
}

/// Of each four items in a row one is tested, every time another; `n_splits` rotations of that.
inline std::vector<Split> rotating_splits(std::size_t n, std::size_t n_splits) {
  std::vector<Split> splits(n_splits);
  for (std::size_t s = 0; s < n_splits; ++s) {
    for (std::size_t i = 0; i < n; ++i) {
      auto& part = (i + i / 4 + s) % 4 == 0 ? splits[s].test : splits[s].train;
      part.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return splits;
}

inline GammaRule gamma_value(double value) {
  return {GammaRule::Kind::kValue, value, std::to_string(value)};
}

/// K as it stands in a matrix, for solve_smo.
class MatrixRows final : public KernelRows {
 public:
  explicit MatrixRows(const Matrix& kernel) : n_(kernel.rows()) {
    for (std::size_t i = 0; i < n_; ++i) {
      diagonal_.push_back(kernel.at(i, i));
      for (const double v : kernel.row(i)) values_.push_back(static_cast<float>(v));
    }
  }
  [[nodiscard]] std::size_t size() const override { return n_; }
  const float* row(std::size_t i) override { return values_.data() + i * n_; }
  [[nodiscard]] std::span<const double> diagonal() const override { return diagonal_; }

 private:
  std::size_t n_;
  std::vector<float> values_;
  std::vector<double> diagonal_;
};

/// The kernel matrix by its formula, in plain loops.
inline Matrix plain_kernel(const Matrix& x, Kernel kernel, double gamma) {
  Matrix out(x.rows(), x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < x.rows(); ++j) {
      double dot = 0;
      double distance = 0;
      for (std::size_t k = 0; k < x.cols(); ++k) {
        dot += x.at(i, k) * x.at(j, k);
        distance += (x.at(i, k) - x.at(j, k)) * (x.at(i, k) - x.at(j, k));
      }
      out.at(i, j) = kernel == Kernel::kRbf ? std::exp(-gamma * distance) : dot;
    }
  }
  return out;
}

/// Equal in every bit.
inline bool same_bits(const FitResult& a, const FitResult& b) {
  return a.predicted.size() == b.predicted.size() && a.iterations == b.iterations &&
         a.cap_hit == b.cap_hit &&
         std::memcmp(a.predicted.data(), b.predicted.data(), a.predicted.size() * sizeof(double)) ==
             0 &&
         std::memcmp(&a.objective, &b.objective, sizeof(double)) == 0 &&
         std::memcmp(&a.gamma, &b.gamma, sizeof(double)) == 0;
}

inline bool same_bits(const std::vector<FitResult>& a, const std::vector<FitResult>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (!same_bits(a[k], b[k])) return false;
  }
  return true;
}

/// The instruction sets that this processor has, and a way back to the widest.
class InstructionSets {
 public:
  InstructionSets() : widest_(simd::instruction_set()) {
    for (const char* name : {"baseline", "avx2", "avx512"}) {
      if (simd::use_instruction_set(name)) names_.emplace_back(name);
    }
    simd::use_instruction_set(widest_);
  }
  ~InstructionSets() { simd::use_instruction_set(widest_); }
  InstructionSets(const InstructionSets&) = delete;
  InstructionSets& operator=(const InstructionSets&) = delete;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::string widest_;
  std::vector<std::string> names_;
};

}  // namespace musicrep

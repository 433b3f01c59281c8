// A dense row-major matrix: what encoders return and the harness passes on.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace musicrep {

/// Row-major [rows, cols] of double. Double, because features from files arrive as double and must
/// not lose a digit on their way to the probe; the store writes float32 where that loses nothing.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols), values_(rows * cols) {}
  /// Takes `values` of size rows * cols.
  Matrix(std::size_t rows, std::size_t cols, std::vector<double> values)
      : rows_(rows), cols_(cols), values_(std::move(values)) {
    assert(values_.size() == rows_ * cols_);
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t cols() const { return cols_; }
  [[nodiscard]] bool empty() const { return values_.empty(); }

  [[nodiscard]] double& at(std::size_t row, std::size_t col) {
    assert(row < rows_ && col < cols_);
    return values_[row * cols_ + col];
  }
  [[nodiscard]] double at(std::size_t row, std::size_t col) const {
    assert(row < rows_ && col < cols_);
    return values_[row * cols_ + col];
  }
  [[nodiscard]] std::span<double> row(std::size_t r) {
    assert(r < rows_);
    return {values_.data() + r * cols_, cols_};
  }
  [[nodiscard]] std::span<const double> row(std::size_t r) const {
    assert(r < rows_);
    return {values_.data() + r * cols_, cols_};
  }
  [[nodiscard]] double* data() { return values_.data(); }
  [[nodiscard]] const double* data() const { return values_.data(); }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  friend bool operator==(const Matrix&, const Matrix&) = default;

 private:
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::vector<double> values_;
};

}  // namespace musicrep

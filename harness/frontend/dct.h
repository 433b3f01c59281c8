// Discrete cosine transform.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace musicrep {

/// The first coefficients of the orthonormal DCT-II (scipy.fft.dct(type=2, norm='ortho')).
class Dct {
 public:
  /// Of `n` values the first `n_coefficients`, at most n.
  Dct(std::size_t n, std::size_t n_coefficients);

  /// `values` [n] to `coefficients` [n_coefficients].
  void apply(std::span<const double> values, std::span<double> coefficients) const;

 private:
  std::size_t n_;
  std::size_t n_coefficients_;
  std::vector<double> basis_;  // [n, n_coefficients]
};

}  // namespace musicrep

// Synthetic features in the shape of the real ones.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "musicrep/matrix.h"
#include "probe/fit.h"

namespace musicrep {

struct Synthetic {
  Matrix x;               ///< [n, d]
  std::vector<double> y;  ///< classes, by class; or values
};

/// Overlapping normal clouds of n / classes items each, standing by class.
inline Synthetic overlapping_classes(std::size_t n, std::size_t d, std::size_t classes) {
  Random random(1);
  Synthetic out{Matrix(n, d), {}};
  Matrix centre(classes, d);
  for (std::size_t c = 0; c < classes; ++c) {
    for (double& v : centre.row(c)) v = 0.16 * random.normal();
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t c = i * classes / n;
    out.y.push_back(static_cast<double>(c));
    for (std::size_t k = 0; k < d; ++k) out.x.at(i, k) = centre.at(c, k) + random.normal();
  }
  return out;
}

/// Standard normal features; a smooth function of a few directions, of deviation about 1, and as
/// much noise as leaves an r2 of about a half.
inline Synthetic noisy_values(std::size_t n, std::size_t d) {
  Random random(2);
  Matrix direction(4, d);
  for (std::size_t k = 0; k < 4; ++k) {
    for (double& v : direction.row(k)) v = random.normal() / std::sqrt(static_cast<double>(d));
  }
  Synthetic out{Matrix(n, d), {}};
  for (std::size_t i = 0; i < n; ++i) {
    for (double& v : out.x.row(i)) v = random.normal();
    double value = 0.7 * random.normal();
    for (std::size_t k = 0; k < 4; ++k) {
      double along = 0;
      for (std::size_t t = 0; t < d; ++t) along += direction.at(k, t) * out.x.at(i, t);
      value += 0.5 * std::sin(1.5 * along);
    }
    out.y.push_back(value);
  }
  return out;
}

/// The grid of choi2017 for classes: 28 RBF points and 4 linear ones.
inline std::vector<ProbeConfig> choi2017_grid(bool standardise) {
  std::vector<ProbeConfig> configs;
  for (const double c : {0.1, 2.0, 8.0, 32.0}) {
    for (const int power : {-3, -5, -7, -9, -11, -13}) {
      configs.push_back(
          {Kernel::kRbf, c, {GammaRule::Kind::kValue, std::exp2(power), "2^"}, standardise});
    }
    configs.push_back({Kernel::kRbf, c, {GammaRule::Kind::kAuto, 0, "1/d"}, standardise});
  }
  for (const double c : {0.1, 2.0, 8.0, 32.0}) {
    configs.push_back({Kernel::kLinear, c, {}, standardise});
  }
  return configs;
}

/// Splits from the fold of each item.
inline std::vector<Split> splits_of(const std::vector<int>& folds, int n_folds) {
  std::vector<Split> splits(static_cast<std::size_t>(n_folds));
  for (std::uint32_t i = 0; i < folds.size(); ++i) {
    for (int s = 0; s < n_folds; ++s) {
      Split& split = splits[static_cast<std::size_t>(s)];
      (folds[i] == s ? split.test : split.train).push_back(i);
    }
  }
  return splits;
}

}  // namespace musicrep

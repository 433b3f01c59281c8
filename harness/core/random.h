// Random numbers whose bits are the same on every machine and in every standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace musicrep {

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and any seed is a good one.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in [0, n), n >= 1, without bias (Lemire 2019).
  std::uint64_t below(std::uint64_t n);
  /// Standard normal (Box-Muller).
  double normal();

 private:
  std::uint64_t state_;
};

/// A seed for one step, from the master seed and the step's name: independent of all other steps.
std::uint64_t derive_seed(std::uint64_t master_seed, std::string_view step);

/// 0 … n-1 in random order (Fisher-Yates).
std::vector<std::size_t> permutation(std::size_t n, Random& random);

/// NumPy's legacy RandomState(seed) as far as shuffle() goes: MT19937 and masked rejection. Only
/// for protocols whose authors' folds come from scikit-learn with a seed.
class NumpyRandomState {
 public:
  explicit NumpyRandomState(std::uint32_t seed) : engine_(seed) {}
  /// numpy.random.RandomState.shuffle on a list.
  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i-- > 1;) {
      std::swap(values[i], values[interval(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  std::uint32_t interval(std::uint32_t max);
  std::mt19937 engine_;
};

}  // namespace musicrep

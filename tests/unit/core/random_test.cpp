#include "core/random.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/hash.h"

namespace musicrep {
namespace {

std::vector<int> shuffled(std::uint32_t seed, int n) {
  std::vector<int> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 0);
  NumpyRandomState(seed).shuffle(values);
  return values;
}

}  // namespace

TEST_CASE("SplitMix64 gives its published outputs") {
  Random zero(0);
  CHECK(zero.next() == 0xE220A8397B1DCDAFULL);
  CHECK(zero.next() == 0x6E789E6AA1B965F4ULL);
  CHECK(zero.next() == 0x06C45D188009454FULL);
  Random other(1234567);
  CHECK(other.next() == 6457827717110365317ULL);
  CHECK(other.next() == 3203168211198807973ULL);
}

TEST_CASE("uniform numbers are 53 bits from 0 to below 1") {
  CHECK(Random(0).uniform() == static_cast<double>(0xE220A8397B1DCDAFULL >> 11) / 0x1p53);
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform();
    if (!(u >= 0 && u < 1)) FAIL(u);
    sum += u;
  }
  CHECK(sum / 100000 == Approx(0.5).margin(0.005));
}

TEST_CASE("whole numbers below n are evenly spread") {
  Random random(2);
  for (int i = 0; i < 100; ++i) CHECK(random.below(1) == 0);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts.at(random.below(6));
  double chi_squared = 0;
  for (const int count : counts) chi_squared += (count - 10000.0) * (count - 10000.0) / 10000;
  CHECK(chi_squared < 20.5);  // 99.9 % at 5 degrees of freedom
}

TEST_CASE("whole numbers below a large n are not biased") {
  // Of n = 3 * 2^62 the products cover each third of [0, n) alike only with the rejection: without
  // it, numbers divisible by 3 would come twice as often as the others.
  Random random(3);
  const std::uint64_t n = 3ULL << 62;
  std::array<int, 3> rest{};
  for (int i = 0; i < 30000; ++i) {
    const std::uint64_t value = random.below(n);
    if (value >= n) FAIL(value);
    ++rest.at(value % 3);
  }
  for (const int count : rest) CHECK(count == Approx(10000).margin(400));
}

TEST_CASE("normal numbers have mean 0, variance 1, and tails") {
  Random random(4);
  const int n = 200000;
  double sum = 0;
  double squares = 0;
  int beyond = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    if (!std::isfinite(x)) FAIL(x);
    sum += x;
    squares += x * x;
    beyond += std::abs(x) > 1.959964 ? 1 : 0;
  }
  CHECK(sum / n == Approx(0).margin(0.01));
  CHECK(squares / n == Approx(1).margin(0.015));
  CHECK(static_cast<double>(beyond) / n == Approx(0.05).margin(0.0025));
}

TEST_CASE("seeds of steps differ with the master seed and the step") {
  CHECK(derive_seed(0, "fit") == derive_seed(0, "fit"));
  const std::set<std::uint64_t> seeds = {derive_seed(0, "fit"),  derive_seed(1, "fit"),
                                         derive_seed(0, "fold"), derive_seed(0, ""),
                                         derive_seed(10, "fit"), derive_seed(1, "0fit")};
  CHECK(seeds.size() == 6);
  // The first 16 hex digits of SHA-256("1:0" "3:fit"): a change here moves every stored result.
  CHECK(derive_seed(0, "fit") == std::stoull(sha256_hex("1:03:fit").substr(0, 16), nullptr, 16));
}

TEST_CASE("permutations hold each index once, and all orders alike") {
  Random random(5);
  CHECK(permutation(0, random).empty());
  CHECK(permutation(1, random) == std::vector<std::size_t>{0});
  std::vector<std::size_t> order = permutation(1000, random);
  CHECK_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(order[i] == i);

  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) {
    const std::vector<std::size_t> p = permutation(3, random);
    ++counts.at(p[0] * 2 + (p[1] > p[2] ? 1 : 0));
  }
  for (const int count : counts) CHECK(count == Approx(10000).margin(400));
}

TEST_CASE("shuffling is numpy's legacy shuffle") {
  // /usr/bin/python3 -c "import numpy; x = list(range(N));
  //                      numpy.random.RandomState(SEED).shuffle(x); print(x)", numpy 1.24.2
  using Order = std::vector<int>;
  CHECK(shuffled(0, 0).empty());
  CHECK(shuffled(42, 1) == Order{0});
  CHECK(shuffled(0, 2) == Order{1, 0});
  CHECK(shuffled(1, 2) == Order{0, 1});
  CHECK(shuffled(0, 10) == Order{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
  CHECK(shuffled(1, 10) == Order{2, 9, 6, 4, 0, 3, 1, 7, 8, 5});
  CHECK(shuffled(42, 10) == Order{8, 1, 5, 0, 7, 2, 9, 4, 3, 6});
  CHECK(shuffled(1234, 10) == Order{7, 2, 9, 1, 0, 8, 4, 5, 6, 3});
  CHECK(shuffled(4294967295U, 10) == Order{6, 9, 5, 1, 8, 0, 7, 4, 2, 3});
  CHECK(shuffled(42, 33) == Order{31, 15, 26, 17, 8,  9,  19, 21, 12, 0, 4,  16, 5, 13, 11, 24, 1,
                                  2,  29, 3,  27, 23, 30, 22, 18, 25, 6, 20, 32, 7, 10, 14, 28});
  // n = 100000, seed 7: SHA-256 of its lines.
  std::string lines;
  for (const int value : shuffled(7, 100000)) lines += std::to_string(value) + "\n";
  CHECK(lines.starts_with("33909\n92307\n89107\n"));
  CHECK(sha256_hex(lines) == "03da28b6fe6fe06ad5e8119a99e5a96e1ea5c103fbdf6ea8df6dbf6b9f56eeee");
}

TEST_CASE("one numpy generator goes on from shuffle to shuffle") {
  // r = RandomState(0); r.shuffle(list(range(10))); x = list(range(5)); r.shuffle(x)
  NumpyRandomState state(0);
  std::vector<int> first(10);
  state.shuffle(first);
  std::vector<int> second = {0, 1, 2, 3, 4};
  state.shuffle(second);
  CHECK(second == std::vector<int>{1, 0, 2, 3, 4});
}

}  // namespace musicrep

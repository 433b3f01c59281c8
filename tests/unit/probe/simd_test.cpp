#include "probe/simd.h"

#include <bit>
#include <catch2/catch.hpp>
#include <limits>

#include "probe_problems.h"

namespace musicrep {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// Inputs of the solver's loops. Values repeat, so that ties are common.
struct LoopInput {
  std::vector<double> f, mask, diag;
  std::vector<float> ki, kj;

  LoopInput(std::size_t n, double masked, Random& random) {
    for (std::size_t t = 0; t < n; ++t) {
      f.push_back(static_cast<double>(random.below(5)) / 3);
      mask.push_back(random.uniform() < masked ? -kInf : 0);
      diag.push_back(1 + static_cast<double>(random.below(2)));
      ki.push_back(static_cast<float>(random.below(4)) / 3);
      kj.push_back(static_cast<float>(random.below(4)) / 7);
    }
  }
};

simd::Best plain_update(std::vector<double>& f, const LoopInput& in, double ci, double cj,
                        std::ptrdiff_t first, simd::Best best) {
  for (std::size_t t = 0; t < f.size(); ++t) {
    f[t] -= static_cast<double>(in.ki[t]) * ci + static_cast<double>(in.kj[t]) * cj;
    if (in.mask[t] == 0 && f[t] >= best.value) {
      best = {f[t], first + static_cast<std::ptrdiff_t>(t)};
    }
  }
  return best;
}

simd::Partner plain_partner(const LoopInput& in, double diag_i, double f_max, std::ptrdiff_t first,
                            simd::Partner partner) {
  for (std::size_t t = 0; t < in.f.size(); ++t) {
    if (in.mask[t] != 0) continue;
    partner.f_min = std::min(partner.f_min, in.f[t]);
    const double gap = f_max - in.f[t];
    if (gap <= 0) continue;
    double curvature = (diag_i + in.diag[t]) - 2.0 * static_cast<double>(in.ki[t]);
    if (curvature <= 0) curvature = 1e-12;
    if (const double gain = gap * gap / curvature; gain >= partner.best.value) {
      partner.best = {gain, first + static_cast<std::ptrdiff_t>(t)};
    }
  }
  return partner;
}

double plain_dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sums[8] = {};
  std::size_t t = 0;
  for (; t + 8 <= a.size(); t += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += a[t + lane] * b[t + lane];
  }
  double total =
      ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; t < a.size(); ++t) total += a[t] * b[t];
  return total;
}

/// Steps between two doubles of one sign.
std::uint64_t ulps_between(double a, double b) {
  const auto x = std::bit_cast<std::int64_t>(a);
  const auto y = std::bit_cast<std::int64_t>(b);
  return static_cast<std::uint64_t>(x > y ? x - y : y - x);
}

}  // namespace

TEST_CASE("an instruction set is chosen by name") {
  InstructionSets sets;
  CHECK(sets.names().front() == "baseline");
  CHECK(sets.names().back() == simd::instruction_set());
  CHECK_FALSE(simd::use_instruction_set("sse9"));
  CHECK(simd::use_instruction_set("baseline"));
  CHECK(std::string(simd::instruction_set()) == "baseline");
}

TEST_CASE("the solver's loops do the same on every instruction set") {
  InstructionSets sets;
  for (const std::string& name : sets.names()) {
    REQUIRE(simd::use_instruction_set(name));
    Random random(11);
    for (std::size_t n = 0; n < 70; ++n) {
      for (const double masked : {0.0, 0.4, 1.0}) {
        CAPTURE(name, n, masked);
        const LoopInput in(n, masked, random);
        const simd::Best before = n % 2 == 0 ? simd::Best{-kInf, -1} : simd::Best{1.0, 5};
        const auto first = static_cast<std::ptrdiff_t>(n % 3 * 100 + 6);

        std::vector<double> f = in.f;
        std::vector<double> plain_f = in.f;
        const simd::Best best = simd::update_and_find_max(
            f.data(), in.ki.data(), in.kj.data(), 0.25, -0.5, in.mask.data(), n, first, before);
        const simd::Best plain_best = plain_update(plain_f, in, 0.25, -0.5, first, before);
        CHECK(f == plain_f);
        CHECK(best.index == plain_best.index);
        CHECK(best.value == plain_best.value);

        const simd::Best top = simd::find_max(f.data(), in.mask.data(), n, first, before);
        CHECK(top.index == best.index);
        CHECK(top.value == best.value);

        for (const double f_max : {-1.0, 0.7, 9.0}) {
          const simd::Partner empty{{-kInf, -1}, kInf};
          const simd::Partner partner =
              simd::find_partner(in.f.data(), in.ki.data(), in.diag.data(), 1.0, f_max,
                                 in.mask.data(), n, first, empty);
          const simd::Partner plain = plain_partner(in, 1.0, f_max, first, empty);
          CHECK(partner.best.index == plain.best.index);
          CHECK(partner.best.value == plain.best.value);
          CHECK(partner.f_min == plain.f_min);
        }
      }
    }
  }
}

TEST_CASE("sums and exponentials have the same bits on every instruction set") {
  InstructionSets sets;
  Random random(12);
  for (std::size_t n = 0; n < 70; ++n) {
    std::vector<double> a(n), b(n);
    std::vector<std::int32_t> index(n);
    for (std::size_t t = 0; t < n; ++t) {
      a[t] = random.normal();
      b[t] = random.normal() * 100;
      index[t] = static_cast<std::int32_t>(random.below(n));
    }
    std::vector<double> reference;
    for (const std::string& name : sets.names()) {
      CAPTURE(name, n);
      REQUIRE(simd::use_instruction_set(name));
      CHECK(simd::dot(a.data(), b.data(), n) == plain_dot(a, b));
      std::vector<double> values = b;
      simd::rbf_in_place(values.data(), n, 0.75);
      if (reference.empty()) reference = values;
      CHECK(values == reference);
      const std::vector<float> row(a.begin(), a.end());
      std::vector<double> sum = b;
      simd::add_row(sum.data(), row.data(), 0.3, n);
      for (std::size_t t = 0; t < n; ++t) {
        CHECK(sum[t] == b[t] + 0.3 * static_cast<double>(row[t]));
      }
      std::vector<float> gathered(n);
      simd::gather(row.data(), index.data(), n, gathered.data());
      for (std::size_t t = 0; t < n; ++t) {
        CHECK(gathered[t] == row[static_cast<std::size_t>(index[t])]);
      }
    }
  }
}

TEST_CASE("the exponential is within two units in the last place") {
  std::vector<double> distance;
  for (int k = 0; k <= 400'000; ++k) distance.push_back(k * 0.002);
  Random random(13);
  for (int k = 0; k < 100'000; ++k) distance.push_back(random.uniform() * 800);
  for (const double small : {1e-300, 1e-18, 1e-16, 1e-9}) distance.push_back(small);
  for (const double gamma : {1.0, 0.125, 3.0}) {
    std::vector<double> values = distance;
    for (double& v : values) v /= gamma;
    std::vector<double> results = values;
    simd::rbf_in_place(results.data(), results.size(), gamma);
    std::uint64_t worst = 0;
    bool gone = true;
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double x = -gamma * values[k];
      if (x > -707) {
        worst = std::max(worst, ulps_between(results[k], std::exp(x)));
      } else {
        gone = gone && results[k] == 0;  // before a result could be denormal
      }
    }
    CAPTURE(gamma);
    CHECK(worst <= 2);
    CHECK(gone);
  }
  // A distance that rounding made negative is none; one at infinity leaves nothing.
  std::vector<double> odd = {-1e-12, 0.0, kInf, 1e308};
  simd::rbf_in_place(odd.data(), odd.size(), 2);
  CHECK(odd == std::vector<double>{1, 1, 0, 0});
}

}  // namespace musicrep

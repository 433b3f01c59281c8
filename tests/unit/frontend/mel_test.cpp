#include "frontend/mel.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

namespace musicrep {
namespace {

TEST_CASE("mel scales at known points, and back") {
  CHECK(hz_to_mel(MelKind::kSlaney, 1000) == Approx(15));
  CHECK(hz_to_mel(MelKind::kSlaney, 500) == Approx(7.5));
  CHECK(hz_to_mel(MelKind::kSlaney, 6400) == Approx(42));
  CHECK(hz_to_mel(MelKind::kHtk, 1000) == Approx(999.99).margin(0.01));
  for (const MelKind kind : {MelKind::kSlaney, MelKind::kHtk}) {
    for (const double hz : {0.0, 60.0, 999.9, 1000.0, 7500.0}) {
      CHECK(mel_to_hz(kind, hz_to_mel(kind, hz)) == Approx(hz).margin(1e-9));
    }
  }
}

TEST_CASE("Slaney's triangles have area 1 in Hz") {
  constexpr double kRateHz = 12000;
  constexpr std::size_t kFft = 1 << 16;
  const std::vector<double> matrix = MelBank({.n_mels = 24}, kRateHz, kFft).matrix();
  const std::size_t bins = kFft / 2 + 1;
  REQUIRE(matrix.size() == 24 * bins);
  for (std::size_t m = 0; m < 24; ++m) {
    const auto row = matrix.begin() + static_cast<std::ptrdiff_t>(m * bins);
    const double sum = std::accumulate(row, row + static_cast<std::ptrdiff_t>(bins), 0.0);
    CHECK(sum * kRateHz / kFft == Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("HTK's triangles have peak 1, no DC, and lie within their range") {
  const MelConfig config = {MelKind::kHtk, 64, 125, 7500};
  const std::vector<double> matrix = MelBank(config, 16000, 1 << 15).matrix();
  const std::size_t bins = (1 << 14) + 1;
  for (std::size_t m = 0; m < 64; ++m) {
    const auto row = matrix.begin() + static_cast<std::ptrdiff_t>(m * bins);
    CHECK(*std::max_element(row, row + static_cast<std::ptrdiff_t>(bins)) ==
          Approx(1).margin(0.02));
    for (std::size_t k = 0; k < bins; ++k) {
      const double hz = static_cast<double>(k) * 16000 / (1 << 15);
      if (hz < 125 || hz > 7500) CHECK(row[static_cast<std::ptrdiff_t>(k)] == 0);
    }
  }
}

TEST_CASE("with triangles from 0 Hz, HTK's bank still leaves the DC bin out") {
  const std::vector<double> matrix = MelBank({MelKind::kHtk, 4, 0, 100}, 16000, 512).matrix();
  for (std::size_t m = 0; m < 4; ++m) CHECK(matrix[m * 257] == 0);
}

TEST_CASE("applying a bank is the product with its matrix, for each bin") {
  const MelBank bank({.n_mels = 10, .fmin_hz = 200}, 8000, 256);
  const std::vector<double> matrix = bank.matrix();
  std::vector<double> mel(10);
  for (std::size_t k = 0; k < 129; ++k) {
    std::vector<double> spectrum(129);
    spectrum[k] = 2;
    bank.apply(spectrum, mel);
    for (std::size_t m = 0; m < 10; ++m) CHECK(mel[m] == 2 * matrix[m * 129 + k]);
  }
}

}  // namespace
}  // namespace musicrep

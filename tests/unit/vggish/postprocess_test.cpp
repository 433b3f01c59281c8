#include "vggish/vggish_postprocess.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"

namespace musicrep {
namespace {

TEST_CASE("eight bits, cut off as the official code does or rounded as torchvggish does") {
  const auto cut = [](double y) { return vggish_quantised(y, VggishRounding::kTruncate); };
  const auto round = [](double y) { return vggish_quantised(y, VggishRounding::kNearest); };
  CHECK(cut(-2) == 0);
  CHECK(cut(-100) == 0);
  CHECK(cut(2) == 255);
  CHECK(cut(1e9) == 255);
  CHECK(cut(0) == 127);  // 127.5
  CHECK(round(0) == 128);
  CHECK(cut(1) == 191);  // 191.25
  CHECK(round(1) == 191);
  CHECK(cut(1.99999) == 254);
  CHECK(round(1.99999) == 255);
}

TEST_CASE("out of the eight bits again") {
  CHECK(vggish_dequantised(0) == -2);
  CHECK(vggish_dequantised(255) == 2);
  for (int q = 0; q < 256; ++q) {
    const auto byte = static_cast<std::uint8_t>(q);
    CHECK(vggish_quantised(vggish_dequantised(byte), VggishRounding::kNearest) == byte);
  }
}

TEST_CASE("components of a matrix by hand") {
  VggishPca pca{std::vector<float>(128 * 128), std::vector<float>(128)};
  pca.eigen_vectors[0 * 128 + 1] = 2;
  pca.eigen_vectors[5 * 128 + 127] = -1;
  pca.means[1] = 0.5F;
  std::vector<float> x(128);
  x[1] = 3;
  x[127] = 4;
  std::vector<double> y(128, 99);
  pca.apply(x, y);
  CHECK(y[0] == 5);
  CHECK(y[5] == -4);
  CHECK(y[1] == 0);
}

/// Independent directions of different size, some of them still, mixed by a rotation of pairs.
std::vector<float> embeddings(std::size_t rows) {
  Random random(3);
  std::vector<float> out;
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<double> x(128);
    for (std::size_t i = 0; i < 100; ++i)
      x[i] = random.normal() * (1 + static_cast<double>(i)) / 50;
    for (std::size_t i = 0; i < 100; i += 2) {
      const double a = x[i];
      x[i] = 0.8 * a - 0.6 * x[i + 1] + 3;
      x[i + 1] = 0.6 * a + 0.8 * x[i + 1];
    }
    for (const double v : x) out.push_back(static_cast<float>(v));
  }
  return out;
}

TEST_CASE("fitted components: mean 0, variance 1, uncorrelated, and still directions stay still") {
  constexpr std::size_t kRows = 1000;
  const std::vector<float> x = embeddings(kRows);
  const VggishPca pca = fit_vggish_pca(x, kRows);
  std::vector<std::vector<double>> y(kRows, std::vector<double>(128));
  for (std::size_t r = 0; r < kRows; ++r) pca.apply(std::span(x).subspan(r * 128, 128), y[r]);
  const auto covariance = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (const auto& row : y) sum += row[i] * row[j];
    return sum / (kRows - 1);
  };
  CHECK(covariance(0, 0) == Approx(1).margin(1e-4));
  CHECK(covariance(50, 50) == Approx(1).margin(1e-4));
  CHECK(covariance(0, 50) == Approx(0).margin(1e-4));
  CHECK(covariance(3, 4) == Approx(0).margin(1e-4));
  for (std::size_t i = 100; i < 128; ++i) CHECK(covariance(i, i) == Approx(0).margin(1e-6));
  double sum = 0;
  for (const auto& row : y) sum += row[0];
  CHECK(sum / kRows == Approx(0).margin(1e-4));
  for (std::size_t i = 0; i < 128; ++i) {
    float largest = 0;
    for (std::size_t j = 0; j < 128; ++j) {
      const float v = pca.eigen_vectors[i * 128 + j];
      if (std::abs(v) > std::abs(largest)) largest = v;
    }
    CHECK(largest > 0);
  }
  CHECK(fit_vggish_pca(x, kRows).eigen_vectors == pca.eigen_vectors);
}

TEST_CASE("embeddings that are all the same have no components") {
  const VggishPca pca = fit_vggish_pca(std::vector<float>(4 * 128, 0.5F), 4);
  CHECK(pca.eigen_vectors == std::vector<float>(128 * 128));
  CHECK(pca.means == std::vector<float>(128, 0.5F));
}

}  // namespace
}  // namespace musicrep

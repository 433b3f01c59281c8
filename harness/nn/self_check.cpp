#include "nn/self_check.h"

#include <torch/torch.h>

#include <cstdint>
#include <string>

#include "musicrep/error.h"

namespace musicrep {
namespace {

/// Small whole numbers: sums of their products are exact in any order.
torch::Tensor whole_numbers(torch::IntArrayRef shape, std::int64_t step) {
  torch::Tensor out = torch::empty(shape);
  float* to = out.data_ptr<float>();
  for (std::int64_t i = 0; i < out.numel(); ++i) to[i] = static_cast<float>((i * step) % 9 - 4);
  return out;
}

torch::Tensor plain_product(const torch::Tensor& a, const torch::Tensor& b) {
  torch::Tensor out = torch::zeros({a.size(0), b.size(1)});
  const auto x = a.accessor<float, 2>();
  const auto y = b.accessor<float, 2>();
  auto z = out.accessor<float, 2>();
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    for (std::int64_t k = 0; k < a.size(1); ++k) {
      for (std::int64_t j = 0; j < b.size(1); ++j) z[i][j] += x[i][k] * y[k][j];
    }
  }
  return out;
}

/// 3 x 3, padded with zeros, of x [1, in, rows, cols] with w [out, in, 3, 3].
torch::Tensor plain_convolution(const torch::Tensor& x, const torch::Tensor& w) {
  const std::int64_t rows = x.size(2);
  const std::int64_t cols = x.size(3);
  const torch::Tensor padded = torch::constant_pad_nd(x, {1, 1, 1, 1});
  torch::Tensor out = torch::zeros({1, w.size(0), rows, cols});
  const auto from = padded.accessor<float, 4>();
  const auto weight = w.accessor<float, 4>();
  auto to = out.accessor<float, 4>();
  for (std::int64_t o = 0; o < w.size(0); ++o) {
    for (std::int64_t i = 0; i < w.size(1); ++i) {
      for (std::int64_t t = 0; t < 9; ++t) {
        for (std::int64_t r = 0; r < rows; ++r) {
          for (std::int64_t c = 0; c < cols; ++c) {
            to[0][o][r][c] += weight[o][i][t / 3][t % 3] * from[0][i][r + t / 3][c + t % 3];
          }
        }
      }
    }
  }
  return out;
}

void expect_same(const char* what, const torch::Tensor& found, const torch::Tensor& expected) {
  // Some convolutions go through transforms that round.
  const double difference = (found - expected).abs().max().item<double>();
  if (difference <= 1e-3 * (1 + expected.abs().max().item<double>())) return;
  throw ConfigError(std::string("LibTorch computes wrongly on this processor: ") + what +
                    " differs from a plain loop by " + std::to_string(difference) +
                    "; set MUSICREP_KERNELS=portable, or OPENBLAS_CORETYPE=Haswell, "
                    "ATEN_CPU_CAPABILITY=avx2 and ONEDNN_MAX_CPU_ISA=AVX2");
}

bool check() {
  const c10::InferenceMode no_inference(false);  // the caller may be in it
  const torch::AutoGradMode with_gradient(true);
  const torch::Tensor a = whole_numbers({67, 130}, 5);
  const torch::Tensor b = whole_numbers({130, 35}, 7);
  expect_same("a product of matrices", torch::mm(a, b), plain_product(a, b));
  const torch::Tensor x = whole_numbers({1, 16, 9, 11}, 5).requires_grad_();
  const torch::Tensor w = whole_numbers({32, 16, 3, 3}, 7).requires_grad_();
  const torch::Tensor y = torch::conv2d(x, w, {}, 1, 1);
  expect_same("a convolution", y.detach(), plain_convolution(x.detach(), w.detach()));
  // The gradient with respect to the input is the convolution with the turned kernel.
  const torch::Tensor g = whole_numbers(y.sizes(), 2);
  y.backward(g);
  expect_same("a convolution's gradient", x.grad(),
              plain_convolution(g, w.detach().transpose(0, 1).flip({2, 3}).contiguous()));
  return true;
}

}  // namespace

void check_torch_computes() {
  static const bool good = check();
  (void)good;
}

}  // namespace musicrep

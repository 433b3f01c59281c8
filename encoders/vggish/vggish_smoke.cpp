#include "vggish_smoke.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "audio/resample.h"
#include "musicrep/error.h"
#include "vggish_core.h"
#include "vggish_weights.h"

namespace musicrep {
namespace {

constexpr double kTolerance = 0.1;
constexpr double kSeconds = 3;

/// sin(2 pi 1000 t) at n times from 0 on, `step` seconds apart.
std::vector<float> sine(std::size_t n, double step) {
  std::vector<float> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] =
        static_cast<float>(std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(i) * step));
  }
  return out;
}

/// numpy.linspace(0, 3, 132300), which has both ends, as if it were sampled at 44.1 kHz.
std::vector<float> older_sine() {
  constexpr std::size_t kSamples = 132300;
  return resample_kaiser_best(sine(kSamples, kSeconds / (kSamples - 1)), 44100, 16000);
}

VggishMoments moments(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += v;
  double squares = 0;
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, std::sqrt(squares / n)};
}

VggishMeasured measure(const VggishCore& core, const std::string& end,
                       const std::vector<float>& samples, const std::optional<VggishPca>& pca) {
  const torch::Tensor out = core.embed(samples, end == "relu");
  const std::span<const float> values(out.data_ptr<float>(), static_cast<std::size_t>(out.numel()));
  VggishMeasured measured{end, moments({values.begin(), values.end()}), std::nullopt};
  if (!pca) return measured;
  std::vector<double> bytes;
  std::vector<double> y(kVggishDim);
  for (std::size_t at = 0; at < values.size(); at += y.size()) {
    pca->apply(values.subspan(at, y.size()), y);
    for (const double v : y) bytes.push_back(vggish_quantised(v, VggishRounding::kTruncate));
  }
  measured.bytes = moments(bytes);
  return measured;
}

}  // namespace

std::vector<VggishExpectation> published_vggish_expectations() {
  return {{"linear", {0.000657, 0.343}, {126.0, 89.3}}, {"relu", {0.131, 0.238}, {123.0, 75.0}}};
}

std::vector<VggishMeasured> run_vggish_smoke_test(const Weights& weights) {
  const VggishCore core(weights);
  return {measure(core, "linear", sine(48000, 1.0 / 16000), vggish_pca(weights, "linear")),
          measure(core, "relu", older_sine(), vggish_pca(weights, "relu"))};
}

void check_vggish_smoke_test(const std::vector<VggishMeasured>& measured,
                             const std::vector<VggishExpectation>& expected,
                             const std::string& where) {
  Problems problems;
  for (const VggishExpectation& wanted : expected) {
    const auto found = std::ranges::find(measured, wanted.end, &VggishMeasured::end);
    assert(found != measured.end());
    const auto compare = [&](const char* what, double is, double should) {
      if (std::abs(is - should) <= kTolerance * std::abs(should)) return;
      problems.add(fmt::format("end '{}', {}: found {:.6g}, expected {:.6g} within 10 %",
                               wanted.end, what, is, should));
    };
    compare("mean", found->embedding.mean, wanted.embedding.mean);
    compare("standard deviation", found->embedding.deviation, wanted.embedding.deviation);
    if (!found->bytes) continue;
    compare("mean after post-processing", found->bytes->mean, wanted.bytes.mean);
    compare("standard deviation after post-processing", found->bytes->deviation,
            wanted.bytes.deviation);
  }
  problems.throw_if_any(
      fmt::format("{}: these are not the published weights of VGGish (the official smoke test, 3 s "
                  "of a sine of 1 kHz; smoke_test = false uses them all the same):",
                  where));
}

}  // namespace musicrep

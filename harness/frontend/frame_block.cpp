#include "frontend/frame_block.h"

#include <bit>
#include <cmath>
#include <complex>

namespace musicrep {

#define MUSICREP_DECLARE_FRAME_BLOCK(isa)                                        \
  namespace isa {                                                                \
  void fill(const float*, std::size_t, const double*, std::size_t, FrameLanes*); \
  void power(const FourierTables&, const FrameLanes*, FrameLanes*, FrameLanes*); \
  void weigh(const double*, std::size_t, const FrameLanes*, FrameLanes*);        \
  }
MUSICREP_DECLARE_FRAME_BLOCK(baseline)
#if defined(__x86_64__)
MUSICREP_DECLARE_FRAME_BLOCK(avx2)
MUSICREP_DECLARE_FRAME_BLOCK(avx512)
#endif
#undef MUSICREP_DECLARE_FRAME_BLOCK

const std::vector<FrameBlockLoops>& frame_block_loops() {
  static const std::vector<FrameBlockLoops> all = [] {
    std::vector<FrameBlockLoops> out = {
        {"baseline", baseline::fill, baseline::power, baseline::weigh}};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
      out.push_back({"avx2", avx2::fill, avx2::power, avx2::weigh});
    }
    if (__builtin_cpu_supports("avx512f")) {
      out.push_back({"avx512", avx512::fill, avx512::power, avx512::weigh});
    }
#endif
    return out;
  }();
  return all;
}

// Angles and products as kissfft computes them.
FourierPlan fourier_plan(std::size_t n_fft) {
  using Complex = std::complex<double>;
  FourierPlan plan{n_fft / 2, {}, {}, {}};
  if (plan.n_half < 2 || !std::has_single_bit(plan.n_half)) return plan;
  for (std::size_t n = plan.n_half; n > 1; n /= plan.radices.back()) {
    plan.radices.push_back(n % 4 == 0 ? 4 : 2);
  }
  const auto n = static_cast<double>(plan.n_half);
  const double pi = std::acos(-1.0);
  const double step = -2 * pi / n;
  std::vector<Complex> twiddles;
  for (std::size_t k = 0; k < plan.n_half; ++k) {
    twiddles.push_back(std::exp(Complex(0, static_cast<double>(k) * step)));
    plan.twiddles.push_back({twiddles[k].real(), twiddles[k].imag()});
  }
  const Complex half_step = std::exp(Complex(0, -pi / n));
  for (std::size_t k = 0; k <= plan.n_half / 2; ++k) {
    const Complex twiddle = k % 2 == 0 ? twiddles[k / 2] : twiddles[k / 2] * half_step;
    plan.real_twiddles.push_back({twiddle.real(), twiddle.imag()});
  }
  return plan;
}

}  // namespace musicrep

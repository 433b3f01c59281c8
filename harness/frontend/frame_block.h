// Several frames side by side: their Fourier transforms and what a mel band sums up of them, once
// for each instruction set. Each frame gets the operations of kissfft's double precision in their
// order, so that the bits are kissfft's on every processor.
#pragma once

#include <cstddef>
#include <vector>

namespace musicrep {

constexpr std::size_t kFramesAtOnce = 8;

/// One number of each frame of a block.
struct alignas(64) FrameLanes {
  double values[kFramesAtOnce];
};

/// A complex number, without the inline functions of std::complex.
struct Twiddle {
  double re;
  double im;
};

/// What the real transform of one length needs, by address: the loops call no inline function.
struct FourierTables {
  std::size_t n_half;            ///< half the length
  const std::size_t* radices;    ///< 4, 4, ..., 2: their product is n_half
  const Twiddle* twiddles;       ///< [n_half] exp(-2 pi i k / n_half)
  const Twiddle* real_twiddles;  ///< [n_half / 2 + 1] exp(-pi i k / n_half)
};

/// The same, owned. Only lengths whose halves are powers of 2, at least 2, have radices.
struct FourierPlan {
  std::size_t n_half = 0;
  std::vector<std::size_t> radices;
  std::vector<Twiddle> twiddles;
  std::vector<Twiddle> real_twiddles;
  [[nodiscard]] FourierTables tables() const {
    return {n_half, radices.data(), twiddles.data(), real_twiddles.data()};
  }
};

/// A plan for frames of `n_fft` samples; `radices` is empty where n_fft / 2 is no power of 2.
FourierPlan fourier_plan(std::size_t n_fft);

/// The loops, compiled for one instruction set.
struct FrameBlockLoops {
  const char* name;  ///< "baseline", "avx2", "avx512"
  /// frames [n] := window [n] times the samples from `samples` + lane * hop on.
  void (*fill)(const float* samples, std::size_t hop, const double* window, std::size_t n,
               FrameLanes* frames);
  /// frames [2 n_half] to power [n_half + 1]: |X|^2. `work`: [2 n_half].
  void (*power)(const FourierTables& tables, const FrameLanes* frames, FrameLanes* work,
                FrameLanes* power);
  /// sum := weights [n] times spectrum [n].
  void (*weigh)(const double* weights, std::size_t n, const FrameLanes* spectrum, FrameLanes* sum);
};

/// Those that this processor has, the fastest last.
const std::vector<FrameBlockLoops>& frame_block_loops();

}  // namespace musicrep

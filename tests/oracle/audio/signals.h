// Signals that the oracles' Python scripts make bit for bit alike (signals.py).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musicrep {

/// White noise: a linear congruential generator (Numerical Recipes), 24 bits a sample, in [-1, 1).
inline std::vector<float> noise(std::size_t n, std::uint32_t seed = 1) {
  std::vector<float> out(n);
  std::uint32_t state = seed;
  for (float& sample : out) {
    state = state * 1664525U + 1013904223U;
    sample = static_cast<float>(static_cast<std::int32_t>(state >> 8) - (1 << 23)) / (1 << 23);
  }
  return out;
}

/// Something like music, in 16 bits: three triangle waves, whose periods in samples follow the
/// rate, under a decay that starts again each half second, and noise.
inline std::vector<std::int16_t> music(std::size_t n, int rate_hz, std::uint32_t seed = 1) {
  std::vector<std::int16_t> out(n);
  std::uint32_t state = seed;
  const std::int64_t beat = rate_hz / 2;
  for (std::size_t i = 0; i < n; ++i) {
    state = state * 1664525U + 1013904223U;
    const auto at = static_cast<std::int64_t>(i);
    const std::int64_t decay = beat - at % beat;
    std::int64_t sum = 0;
    for (const std::int64_t hz : {220, 550, 1760}) {
      const std::int64_t phase = at * hz * 4096 / rate_hz % 4096;
      sum += (phase < 2048 ? phase - 1024 : 3072 - phase) * 6;
    }
    const std::int64_t hiss = static_cast<std::int64_t>(state >> 20) - 2048;
    out[i] = static_cast<std::int16_t>((sum * decay + hiss * 2 * decay * decay / beat) / beat);
  }
  return out;
}

}  // namespace musicrep

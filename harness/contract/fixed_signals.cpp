#include "contract/fixed_signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include "core/random.h"

namespace musicrep {
namespace {

constexpr double kSeconds = 3;

double sine(double cycles) {
  return std::sin(2 * std::numbers::pi * (cycles - std::floor(cycles)));
}

// From 20 Hz to nearly half the rate, slowly where pitches lie.
double chirp(double t, double rate_hz) {
  const double span_hz = 0.45 * rate_hz - 20;
  return 0.7 * sine(20 * t + span_hz * t * t * t / (3 * kSeconds * kSeconds));
}

// C, a, F, G: triads with four harmonics, each dying away.
double chords(double t) {
  static constexpr std::array<std::array<double, 3>, 4> kTriadsHz = {{{261.63, 329.63, 392.0},
                                                                      {220.0, 261.63, 329.63},
                                                                      {174.61, 220.0, 261.63},
                                                                      {196.0, 246.94, 293.66}}};
  const double place = 4 * t / kSeconds;
  const auto number = std::min<std::size_t>(3, static_cast<std::size_t>(place));
  double sum = 0;
  for (const double hz : kTriadsHz.at(number)) {
    for (int harmonic = 1; harmonic <= 4; ++harmonic) sum += sine(hz * harmonic * t) / harmonic;
  }
  return 0.12 * sum * (1 - 0.8 * (place - static_cast<double>(number)));
}

// Louder and softer by turns.
double noise(double t, Random& random) {
  return (static_cast<int>(2 * t) % 2 == 0 ? 0.8 : 0.1) * (2 * random.uniform() - 1);
}

// Four a second, each 2 ms long, with silence between them.
double clicks(double t) {
  const double since = 4 * t - std::floor(4 * t);
  return since < 0.008 ? 0.9 * (1 - since / 0.008) : 0;
}

float in_16_bits(double v) { return static_cast<float>(std::round(v * 32767) / 32768); }

template <typename Sample>
FixedSignal pcm(std::string id, const EncoderInfo& info, Sample sample) {
  const auto n = static_cast<std::size_t>(kSeconds * info.sample_rate_hz);
  const auto channels = static_cast<std::size_t>(info.channels);
  FixedSignal out{std::move(id), {std::vector<float>(channels * n), channels, n}};
  for (std::size_t c = 0; c < channels; ++c) {
    const double gain = 1 - 0.4 * static_cast<double>(c);
    for (std::size_t i = 0; i < n; ++i) {
      out.signal.values[c * n + i] =
          in_16_bits(gain * sample(static_cast<double>(i) / info.sample_rate_hz));
    }
  }
  return out;
}

// Bands that wander, as those of music do.
FixedSignal frames(std::size_t n, Random& random) {
  constexpr std::size_t kWidth = 128;
  FixedSignal out{fmt::format("{} frames", n), {{}, n, kWidth}};
  std::vector<double> level(kWidth, 128);
  for (std::size_t t = 0; t < n; ++t) {
    for (double& v : level) {
      v = std::clamp(0.8 * v + 0.2 * 128 + 60 * (2 * random.uniform() - 1), 0.0, 255.0);
      out.signal.values.push_back(static_cast<float>(std::round(v) * 4 / 255 - 2));
    }
  }
  return out;
}

}  // namespace

std::vector<FixedSignal> fixed_signals(const EncoderInfo& info) {
  std::vector<FixedSignal> out;
  Random random(20170309);
  switch (info.input) {
    case InputKind::kPcm:
      out.push_back(pcm("chirp", info, [&](double t) { return chirp(t, info.sample_rate_hz); }));
      out.push_back(pcm("chords", info, [](double t) { return chords(t); }));
      out.push_back(pcm("noise", info, [&](double t) { return noise(t, random); }));
      out.push_back(pcm("clicks", info, [](double t) { return clicks(t); }));
      break;
    case InputKind::kVggishFrames:
      for (const std::size_t n : {std::size_t{1}, std::size_t{10}, std::size_t{31}})
        out.push_back(frames(n, random));
      break;
    case InputKind::kItemId:
      break;
  }
  return out;
}

std::string fixed_signals_text(const EncoderInfo& info) {
  switch (info.input) {
    case InputKind::kPcm:
      return fmt::format(
          "chirp, chords, noise, clicks: {} s each at {} Hz, {} channels, version {}", kSeconds,
          info.sample_rate_hz, info.channels, kFixedSignalsVersion);
    case InputKind::kVggishFrames:
      return fmt::format("sequences of 1, 10 and 31 frames, version {}", kFixedSignalsVersion);
    case InputKind::kItemId:
      break;
  }
  return {};
}

}  // namespace musicrep

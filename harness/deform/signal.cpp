#include "deform/signal.h"

#include <cmath>
#include <kissfft/kissfft.hh>

#include "musicrep/error.h"

namespace musicrep {

double mean_square(std::span<const float> values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double from_decibel(double db) { return std::pow(10.0, db / 20); }

std::size_t transform_size(std::size_t n) {
  std::size_t size = 1;
  while (size < n) size *= 2;
  return size;
}

std::vector<std::complex<double>> transform(const std::vector<std::complex<double>>& values,
                                            bool inverse) {
  const kissfft<double> fft(values.size(), inverse);
  std::vector<std::complex<double>> out(values.size());
  fft.transform(values.data(), out.data());
  if (inverse) {
    for (auto& v : out) v /= static_cast<double>(values.size());
  }
  return out;
}

Pcm with_noise(Pcm pcm, const std::vector<double>& noise, double snr_db) {
  const double signal = mean_square(pcm.values);
  if (signal == 0) {
    throw DataError("the audio is silent, expected a signal for a signal-to-noise ratio");
  }
  double power = 0;
  for (const double v : noise) power += v * v;
  power /= static_cast<double>(noise.size());
  const double factor = std::sqrt(signal / power) / from_decibel(snr_db);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    pcm.values[i] = static_cast<float>(pcm.values[i] + factor * noise[i]);
  }
  return pcm;
}

}  // namespace musicrep

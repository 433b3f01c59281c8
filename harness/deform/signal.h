// What several deformations share.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "audio/pcm.h"

namespace musicrep {

/// Of the squares of all samples of all channels.
double mean_square(std::span<const float> values);

/// Factor of an amplitude.
double from_decibel(double db);

/// The least power of two from n on.
std::size_t transform_size(std::size_t n);
/// The discrete Fourier transform, unscaled; or its inverse, divided by the length. Its length is a
/// power of two.
std::vector<std::complex<double>> transform(const std::vector<std::complex<double>>& values,
                                            bool inverse);

/// `pcm` plus `noise` (as long) scaled so that the ratio of their powers is `snr_db`. Throws
/// DataError where the signal is silent.
Pcm with_noise(Pcm pcm, const std::vector<double>& noise, double snr_db);

}  // namespace musicrep

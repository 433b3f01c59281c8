// Audio files for tests, written by libsndfile.
#pragma once

#include <sndfile.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "test_files.h"

namespace musicrep {

struct FileSpec {
  std::string extension = "wav";
  int format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  int rate_hz = 22050;
  std::size_t channels = 1;
};

/// Writes `interleaved` [frames, channels]; returns the path.
inline std::string write_audio(const TempFolder& folder, const FileSpec& spec,
                               const std::vector<float>& interleaved,
                               const std::string& stem = "clip") {
  std::string path = (folder.path() / (stem + "." + spec.extension)).string();
  SF_INFO info = {0, spec.rate_hz, static_cast<int>(spec.channels), spec.format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  INFO(path << ": " << sf_strerror(nullptr));
  REQUIRE(file != nullptr);
  const auto frames = static_cast<sf_count_t>(interleaved.size() / spec.channels);
  CHECK(sf_writef_float(file, interleaved.data(), frames) == frames);
  sf_close(file);
  return path;
}

/// [frames] of a sine with this amplitude.
inline std::vector<float> sine(std::size_t frames, double hz, double rate_hz,
                               double amplitude = 0.5) {
  std::vector<float> out(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    out[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hz * t));
  }
  return out;
}

/// Samples that 8 bits hold exactly, another ramp for each channel: interleaved [frames, channels].
inline std::vector<float> steps(std::size_t frames, std::size_t channels) {
  std::vector<float> out;
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t c = 0; c < channels; ++c) {
      out.push_back(static_cast<float>(static_cast<int>((i * (c + 1) + 31 * c) % 256) - 128) / 128);
    }
  }
  return out;
}

}  // namespace musicrep

#include "audio/mix.h"

#include <cassert>

namespace musicrep {

void append_mixed(std::span<const float> interleaved, std::size_t channels_in,
                  std::vector<std::vector<float>>& planes) {
  assert(channels_in > 0 && !planes.empty() && interleaved.size() % channels_in == 0);
  if (planes.size() == channels_in) {
    for (std::size_t c = 0; c < channels_in; ++c) {
      for (std::size_t i = c; i < interleaved.size(); i += channels_in) {
        planes[c].push_back(interleaved[i]);
      }
    }
    return;
  }
  for (std::size_t i = 0; i < interleaved.size(); i += channels_in) {
    double sum = 0;
    for (const float sample : interleaved.subspan(i, channels_in)) {
      sum += static_cast<double>(sample);
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(channels_in));
    for (std::vector<float>& plane : planes) plane.push_back(mean);
  }
}

Pcm mixed(const Pcm& pcm, std::size_t channels) {
  if (channels == 0 || channels == pcm.channels) return pcm;
  Pcm out = {pcm.sample_rate_hz, channels, pcm.frames, {}};
  out.values.resize(channels * pcm.frames);
  for (std::size_t i = 0; i < pcm.frames; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < pcm.channels; ++c) {
      sum += static_cast<double>(pcm.values[c * pcm.frames + i]);
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(pcm.channels));
    for (std::size_t c = 0; c < channels; ++c) out.values[c * pcm.frames + i] = mean;
  }
  return out;
}

}  // namespace musicrep

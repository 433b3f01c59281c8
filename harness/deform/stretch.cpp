#include "deform/stretch.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "musicrep/error.h"

#ifdef MUSICREP_WITH_RUBBERBAND
#include <rubberband/RubberBandStretcher.h>
#endif

namespace musicrep {

#ifdef MUSICREP_WITH_RUBBERBAND

Pcm stretched(const Pcm& pcm, double time_ratio, double pitch) {
  using Stretcher = RubberBand::RubberBandStretcher;
  Stretcher stretcher(static_cast<std::size_t>(std::lround(pcm.sample_rate_hz)), pcm.channels,
                      Stretcher::OptionProcessOffline | Stretcher::OptionEngineFiner |
                          Stretcher::OptionThreadingNever | Stretcher::OptionChannelsTogether,
                      time_ratio, pitch);
  std::vector<const float*> in;
  for (std::size_t c = 0; c < pcm.channels; ++c) in.push_back(pcm.channel(c).data());
  stretcher.setExpectedInputDuration(pcm.frames);
  stretcher.study(in.data(), pcm.frames, true);
  std::vector<std::vector<float>> out(pcm.channels);
  const auto take = [&] {
    for (int n = stretcher.available(); n > 0; n = stretcher.available()) {
      std::vector<float*> to;
      for (auto& channel : out) {
        channel.resize(channel.size() + static_cast<std::size_t>(n));
        to.push_back(channel.data() + channel.size() - n);
      }
      const std::size_t got = stretcher.retrieve(to.data(), static_cast<std::size_t>(n));
      for (auto& channel : out) channel.resize(channel.size() - static_cast<std::size_t>(n) + got);
      if (got == 0) return;
    }
  };
  // In pieces: it holds what one call gives it.
  constexpr std::size_t kPiece = 8192;
  for (std::size_t at = 0; at < pcm.frames; at += kPiece) {
    const std::size_t n = std::min(kPiece, pcm.frames - at);
    std::vector<const float*> piece;
    for (const float* channel : in) piece.push_back(channel + at);
    stretcher.process(piece.data(), n, at + n == pcm.frames);
    take();
  }
  Pcm result = {pcm.sample_rate_hz, pcm.channels, out.front().size(), {}};
  for (const auto& channel : out) {
    result.values.insert(result.values.end(), channel.begin(), channel.end());
  }
  return result;
}

void require_stretching() {}

std::string stretching_library() { return "Rubber Band " RUBBERBAND_VERSION; }

#else

Pcm stretched(const Pcm&, double, double) {
  require_stretching();
  return {};
}

void require_stretching() {
  throw ConfigError(
      "this program is built without the Rubber Band library; install the package "
      "librubberband-dev, then configure and build again");
}

std::string stretching_library() { return ""; }

#endif

}  // namespace musicrep

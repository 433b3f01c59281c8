#include "audio/resample.h"

#include <fmt/format.h>
#include <soxr.h>

#include <cassert>
#include <cmath>
#include <string>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

ResamplerKind resampler_named(std::string_view name) {
  if (name == "soxr") return ResamplerKind::kSoxr;
  if (name == "soxr_hq") return ResamplerKind::kSoxrHq;
  if (name == "kaiser_best") return ResamplerKind::kKaiserBest;
  const std::string known[] = {"kaiser_best", "soxr", "soxr_hq"};
  throw ConfigError(unknown_name("resampler", name, known));
}

Pcm resampled(Pcm pcm, double sample_rate_hz, ResamplerKind kind) {
  if (pcm.sample_rate_hz == sample_rate_hz) return pcm;
  Pcm out = {sample_rate_hz, pcm.channels, 0, {}};
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    std::vector<float> channel =
        kind == ResamplerKind::kKaiserBest
            ? resample_kaiser_best(pcm.channel(c), pcm.sample_rate_hz, sample_rate_hz)
            : resample_soxr(pcm.channel(c), pcm.sample_rate_hz, sample_rate_hz, kind);
    out.frames = channel.size();
    if (c == 0) {
      out.values = std::move(channel);
      out.values.reserve(out.frames * pcm.channels);
    } else {
      out.values.insert(out.values.end(), channel.begin(), channel.end());
    }
  }
  if (out.frames == 0) {
    throw DataError(fmt::format("found {} samples at {} Hz, which is less than one at {} Hz",
                                pcm.frames, pcm.sample_rate_hz, sample_rate_hz));
  }
  return out;
}

std::vector<float> resample_soxr(std::span<const float> channel, double from_hz, double to_hz,
                                 ResamplerKind kind) {
  assert(kind != ResamplerKind::kKaiserBest && from_hz > 0 && to_hz > 0);
  const double length = static_cast<double>(channel.size()) * to_hz / from_hz;
  std::vector<float> out(static_cast<std::size_t>(std::llround(length)));
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality =
      soxr_quality_spec(kind == ResamplerKind::kSoxrHq ? SOXR_HQ : SOXR_VHQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);  // one thread
  std::size_t done = 0;
  const soxr_error_t error =
      soxr_oneshot(from_hz, to_hz, 1, channel.data(), channel.size(), nullptr, out.data(),
                   out.size(), &done, &io, &quality, &runtime);
  if (error != nullptr) {
    throw DataError(fmt::format("cannot resample {} samples from {} to {} Hz: {}", channel.size(),
                                from_hz, to_hz, error));
  }
  return out;  // what soxr did not fill, a sample at the most, stays 0
}

}  // namespace musicrep

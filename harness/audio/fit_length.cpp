#include "audio/fit_length.h"

#include <algorithm>

#include "musicrep/error.h"

namespace musicrep {

std::vector<float> fit_length(std::span<const float> channel, std::size_t n, Fit fit) {
  const std::span<const float> kept = channel.first(std::min(n, channel.size()));
  std::vector<float> out(kept.begin(), kept.end());
  if (fit == Fit::kTrim || out.size() == n) return out;
  if (fit == Fit::kTile) {
    if (out.empty()) throw DataError("cannot repeat audio of 0 samples, expected at least 1");
    const std::size_t period = out.size();
    out.resize(n);
    for (std::size_t i = period; i < n; ++i) out[i] = out[i - period];
  }
  out.resize(n, 0.0F);
  return out;
}

}  // namespace musicrep

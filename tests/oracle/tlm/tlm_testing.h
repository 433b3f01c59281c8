// TLM on available clips.
#pragma once

#include <string>
#include <vector>

#include "audio/pcm.h"
#include "core/options.h"
#include "tlm/tlm.h"

namespace musicrep {

/// An encoder with these options and defaults for the rest.
inline Tlm make_tlm(Options options) {
  return Tlm({1, complete_options("tlm", Tlm::static_info().options, options)});
}

/// Mono clips at 12 kHz, in one call.
inline std::vector<Matrix> encode_batch(const std::string& weights, const std::vector<Pcm>& clips) {
  std::vector<Signal> signals;
  for (const Pcm& pcm : clips) signals.push_back({"a clip", pcm.values, pcm.channels, pcm.frames});
  return make_tlm({{"weights", weights}}).encode(signals);
}

}  // namespace musicrep

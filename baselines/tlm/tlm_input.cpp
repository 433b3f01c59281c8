#include "tlm/tlm_input.h"

#include <fmt/format.h>

#include "core/check_pcm.h"
#include "musicrep/error.h"

namespace musicrep::tlm {

Fit fit_named(const std::string& name) {
  if (name == "repeat") return Fit::kTile;
  if (name == "zero-pad") return Fit::kZeroPad;
  throw ConfigError(
      fmt::format("tlm: `short_clips` is '{}', expected 'repeat' or 'zero-pad'", name));
}

std::vector<double> spectrogram(const LogMel& front_end, const Signal& signal, Fit fit) {
  check_pcm("tlm", signal);
  return front_end.compute(fit_length(signal.values, kSamples, fit)).values;
}

}  // namespace musicrep::tlm

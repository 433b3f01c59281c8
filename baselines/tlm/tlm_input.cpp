#include "tlm/tlm_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "musicrep/error.h"

namespace musicrep::tlm {

Fit fit_named(const std::string& name) {
  if (name == "repeat") return Fit::kTile;
  if (name == "zero-pad") return Fit::kZeroPad;
  throw ConfigError(
      fmt::format("tlm: `short_clips` is '{}', expected 'repeat' or 'zero-pad'", name));
}

std::vector<double> spectrogram(const LogMel& front_end, const Signal& signal, Fit fit) {
  if (signal.rows != 1 || signal.cols == 0 || signal.values.size() != signal.cols) {
    throw DataError(
        fmt::format("tlm: item '{}': found {} channels of {} samples, expected 1 channel of at "
                    "least 1 sample",
                    signal.id, signal.rows, signal.cols));
  }
  const auto bad = std::ranges::find_if(signal.values, [](float x) { return !std::isfinite(x); });
  if (bad != signal.values.end()) {
    throw DataError(
        fmt::format("tlm: item '{}': found the sample {} at place {}, expected a number", signal.id,
                    *bad, bad - signal.values.begin()));
  }
  return front_end.compute(fit_length(signal.values, kSamples, fit)).values;
}

}  // namespace musicrep::tlm

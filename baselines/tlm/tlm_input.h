// From samples to what TLM's network sees.
#pragma once

#include <string>
#include <vector>

#include "audio/fit_length.h"
#include "frontend/log_mel.h"
#include "musicrep/encoder.h"

namespace musicrep::tlm {

constexpr double kSampleRateHz = 12000;
constexpr std::size_t kSamples = 348000;  ///< 29 s: all that is looked at

/// What becomes of shorter clips: "repeat" or "zero-pad". Throws ConfigError on another name.
Fit fit_named(const std::string& name);

/// 29 s of the signal, brought to that length as `fit` says, as a log-mel spectrogram
/// [kFrames, kMels]. Throws DataError, naming the item, where it is not one channel of at least one
/// sample, or one is not finite.
std::vector<double> spectrogram(const LogMel& front_end, const Signal& signal, Fit fit);

}  // namespace musicrep::tlm

// Signals that are the same on every machine, for fingerprints of encoders.
#pragma once

#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// Bumped with every change of the signals: fingerprints of different versions do not compare.
inline constexpr int kFixedSignalsVersion = 1;

struct FixedSignal {
  std::string id;
  LoadedSignal signal;
};

/// What an encoder with this info takes. PCM: a chirp, chords, noise and clicks, of 3 s each, in 16
/// bits, so that the last bit of a sine moves nothing; channels differ. VGGish frames: three
/// sequences of 1, 10 and 31 frames on AudioSet's grid of 256 values. Nothing for kItemId.
std::vector<FixedSignal> fixed_signals(const EncoderInfo& info);

/// What they are, and their version: "4 signals of 3 s at 22050 Hz, 1 channel, version 1".
std::string fixed_signals_text(const EncoderInfo& info);

}  // namespace musicrep

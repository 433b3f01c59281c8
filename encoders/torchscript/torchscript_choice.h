// What options and file together say of a TorchScript model. No Torch in here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "frontend/log_mel.h"
#include "musicrep/encoder.h"
#include "torchscript_file.h"

namespace musicrep {

/// Options as they stand, or else what the file says.
struct TorchscriptChoice {
  std::string input;
  std::string preset;
  std::string output;  ///< key or place in what forward() returns; empty: the only tensor
  double sample_rate_hz = 0;
  std::int64_t channels = 0;
  double window_s = 0;
  double hop_s = 0;
  TorchscriptFacts facts;

  [[nodiscard]] bool takes_audio() const { return input == "audio" || input == "audio_batch"; }
  /// Of the input log_mel; empty for the others.
  [[nodiscard]] std::optional<LogMelConfig> log_mel() const;
};

/// Throws ConfigError on options that cannot be and where there is no such file, DataError on a
/// file that is no TorchScript.
TorchscriptChoice torchscript_choice(const Options& options);

}  // namespace musicrep

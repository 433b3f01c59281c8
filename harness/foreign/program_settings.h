// The options that all encoders of lasting programs have.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "foreign/stream_process.h"
#include "foreign/windows.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// What the options say of how a program is asked.
struct ProgramSettings {
  ProgramLimits limits;
  std::size_t batch_size = 1;
  double window_s = 0;  ///< 0: signals go out whole
  double window_hop_s = 0;
  WindowPadding padding = WindowPadding::kZeros;
  std::vector<std::string> poolings;  ///< empty: frames are kept, layers averaged over time
  std::string device;

  /// In samples; nothing where signals go out whole.
  [[nodiscard]] std::optional<WindowRule> windows(double sample_rate_hz) const;
};

/// input, sample_rate_hz and channels of an encoder whose program may say what it takes itself.
std::vector<OptionSpec> audio_option_specs();
/// hop_s, as all have it.
OptionSpec hop_option_spec();
/// Windows, batch, device, poolings, limits. Left out of keys where they have their defaults.
std::vector<OptionSpec> program_option_specs();

/// Throws ConfigError where they cannot be together. `options` have all names of
/// program_option_specs(), and input and hop_s.
ProgramSettings program_settings(const Options& options);

/// Sets what an encoder with these options takes and gives: input, rate, channels, window, hop.
/// Where the options leave out the rate or the channels, `command` is started and says; nothing is
/// mono. Throws ForeignFailure where it fails or says no rate.
void set_program_info(const Options& options, const StreamCommand& command, EncoderInfo& info);

/// MUSICREP_DEVICE and what else each program is given.
std::vector<std::string> program_environment(const Options& options);

}  // namespace musicrep

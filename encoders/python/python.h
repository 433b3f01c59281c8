// An encoder that is a Python function or class, in a process that stays.
#pragma once

#include "foreign/program_encoder.h"

namespace musicrep {

/// Starts the script once in a run, with the helper musicrep.py, and feeds it batches.
class Python : public ProgramEncoder {
 public:
  static EncoderInfo static_info();
  /// What the options and, where they leave out the rate, the script itself say.
  static EncoderInfo info_for(const Options& options);

  /// Throws ConfigError on options that cannot be, DataError where a file is missing. The script is
  /// started with the first vector.
  explicit Python(const EncoderArgs& args);
};

}  // namespace musicrep

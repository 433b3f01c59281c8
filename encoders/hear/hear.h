// An encoder that is a Python module of the HEAR 2021 API.
#pragma once

#include "foreign/program_encoder.h"

namespace musicrep {

/// Loads the module's model once in a run and asks it for scene embeddings, one vector a clip, or
/// timestamp embeddings, its frames. The API: https://hearbenchmark.com/hear-api.html
class Hear : public ProgramEncoder {
 public:
  static EncoderInfo static_info();
  /// What the options and, where they leave out the rate, the module's model say.
  static EncoderInfo info_for(const Options& options);

  /// Throws ConfigError on options that cannot be, DataError where a file is missing. The module is
  /// imported with the first vector.
  explicit Hear(const EncoderArgs& args);
};

}  // namespace musicrep

// 'musicrep validate encoder': what every encoder promises, tried on one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/experiment_arguments.h"
#include "musicrep/registry.h"

namespace musicrep::cli {

struct ValidateEncoderOptions {
  std::vector<std::string> settings;  ///< option=value
  std::vector<std::string> ids;       ///< of items, for encoders that look their vectors up
  std::uint64_t seed = 1;
};

/// Tries the encoder of that name; prints a table. kOk: all holds or is declared; kDataMistake:
/// something is broken; kSomeRowsFailed: it encoded nothing of what it was given.
int validate_encoder(const std::string& name, const EncoderRegistry& registry,
                     const ValidateEncoderOptions& options);

/// The encoder that an experiment calls `label`, with the weights that it has there: they are
/// trained first where `cache` does not hold them. Its first data set and training seed. Exit codes
/// as above.
int validate_encoder_of(const PreparedExperiment& prepared, const std::string& label,
                        const std::filesystem::path& cache, bool quiet);

}  // namespace musicrep::cli

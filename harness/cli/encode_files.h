// Files encoded one after the other, so that a file that fails does not affect the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep::cli {

/// What is encoded, and what with.
struct EncodeRequest {
  Encoder& encoder;
  EncoderInfo info;
  std::string name;  ///< of the encoder
  std::vector<std::string> ids;
  std::vector<std::filesystem::path> files;
  std::size_t jobs = 1;
  bool skip_bad = false;
};

struct EncodedFiles {
  std::vector<std::string> ids;  ///< of the files that were encoded, in the order of the request
  std::vector<Matrix> vectors;   ///< [T_i, dim] each
  std::vector<std::string> failures;  ///< a sentence for each file, or call, that was not
  std::vector<std::string> remarks;   ///< files that are silent to the encoder, in their order
};

/// Decodes all files once before the work and throws DataError that lists those that are bad; with
/// skip_bad they are failures instead, unless vectors depend on their batch. What fails while it is
/// encoded is a failure, too. After a failure of the encoder itself (ForeignFailure) no further
/// file is begun. Throws DataError with the failures where nothing was encoded.
EncodedFiles encode_files(EncodeRequest request);

}  // namespace musicrep::cli

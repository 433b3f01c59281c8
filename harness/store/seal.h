// A seal at the end of a file: the SHA-256 of all bytes before it. Damage is seen before a byte
// reaches the HDF5 library, which crashes on some damaged files; readers of HDF5 ignore what is
// after the end that a file declares.
#pragma once

#include <filesystem>

namespace musicrep {

enum class Seal {
  kGood,
  kMissing,  ///< cut short, or not written by this program
  kBroken,   ///< some byte is not as it was written
};

/// Appends "\nmusicrep-sha256:<64 hex digits>\n". Throws DataError with the path and the reason.
void append_seal(const std::filesystem::path& path);

/// Whether a file ends in a seal, good or broken: reads the end alone. Throws DataError where it
/// cannot be read.
bool has_seal(const std::filesystem::path& path);

/// Reads the file whole. Throws DataError where it cannot be read.
Seal check_seal(const std::filesystem::path& path);

}  // namespace musicrep

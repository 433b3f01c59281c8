// TensorFlow's record files: framing and checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "musicrep/error.h"

namespace musicrep {

/// One record of a file.
struct TfRecord {
  std::size_t number = 0;  ///< in its file, the first is 1
  std::size_t offset = 0;  ///< bytes from the file's start to the record's length
  std::string_view data;   ///< a view of the file's bytes
};

/// "'a.tfrecord', record 2 at byte 1523": the place of a record, for messages.
std::string where(const std::filesystem::path& path, const TfRecord& record);

/// The records in `bytes`, the content of the file `path`: 8 bytes of length (little endian), its
/// masked CRC-32C, the data, its masked CRC-32C. A record whose data is damaged is left out; a
/// length that is damaged, or that ends beyond the file, ends the file. Both are added to
/// `problems` with file, record, offset, what was found and what was expected.
std::vector<TfRecord> split_tfrecords(std::string_view bytes, const std::filesystem::path& path,
                                      Problems& problems);

}  // namespace musicrep

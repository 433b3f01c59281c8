// Zip archives, read with all that they declare checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace musicrep {

/// An archive open for reading. Entries are stored or deflated.
class ZipFile {
 public:
  /// `what` is what the archive should be, for messages: ".npz (a zip archive of .npy files)".
  /// Throws DataError naming the file where it is missing, no archive, damaged, or says a name
  /// twice.
  ZipFile(const std::filesystem::path& path, const std::string& what);
  ~ZipFile();
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;

  /// Names of the entries, in the order of the file.
  [[nodiscard]] const std::vector<std::string>& names() const;
  [[nodiscard]] bool has(const std::string& entry) const;
  [[nodiscard]] std::uint64_t file_bytes() const;

  /// Reads one entry, which must be there. The archive's checksum is checked, and so is that no
  /// more and no less is unpacked than is declared. Throws DataError naming the file and `label`,
  /// the entry's name for people, also above `most_bytes` and where the file cannot hold what is
  /// declared.
  [[nodiscard]] std::string read(const std::string& entry, const std::string& label,
                                 std::uint64_t most_bytes) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musicrep

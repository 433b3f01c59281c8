// TensorFlow's sorted tables (tensorflow/core/lib/io, "sstable"; the format of LevelDB's): keys and
// values in blocks with checksums, an index of the blocks, a footer. For tf_checkpoint.cpp alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace musicrep {

/// A table open for reading; one block is in memory at a time.
class TfTable {
 public:
  /// Throws DataError naming the file where it is missing or does not end in a table's footer.
  explicit TfTable(std::filesystem::path path);

  /// Calls visit(key, value) for each entry, in ascending order of the keys. Throws DataError
  /// naming the file and the block where a checksum does not fit, a block is compressed
  /// (checkpoints are not), or keys are out of order.
  void for_each(const std::function<void(std::string_view, std::string_view)>& visit) const;

  /// Whether the file ends as a table does. Throws DataError where it cannot be read.
  static bool is_table(const std::filesystem::path& path);

 private:
  struct Block {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  [[nodiscard]] std::string read(const Block& block) const;
  void entries(const Block& block,
               const std::function<void(std::string_view, std::string_view)>& visit) const;
  [[nodiscard]] Block handle(std::string_view& bytes) const;
  [[noreturn]] void refuse(const Block& block, const std::string& problem) const;

  std::filesystem::path path_;
  std::uint64_t bytes_ = 0;
  Block further_;  ///< names further blocks, of which nobody writes any
  Block index_;
};

}  // namespace musicrep

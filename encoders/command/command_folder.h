// The folders through which a command gets signals and gives vectors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "foreign/layers.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// A temporary folder with "in" and "out" in it, removed with all that it holds.
class CommandFolder {
 public:
  /// Throws DataError where it cannot be made.
  CommandFolder();
  ~CommandFolder();
  CommandFolder(const CommandFolder&) = delete;
  CommandFolder& operator=(const CommandFolder&) = delete;

  [[nodiscard]] std::filesystem::path in() const { return path_ / "in"; }
  [[nodiscard]] std::filesystem::path out() const { return path_ / "out"; }

  /// `text` without the folder's name, which is another each time.
  [[nodiscard]] std::string without_name(std::string text) const;

  /// Writes signal k as in/00000k.wav (float32, `sample_rate_hz`), or where that is 0 as
  /// in/00000k.npy (float32 [rows, cols]), and in/items.csv with the columns file and id.
  void write(std::span<const Signal> signals, double sample_rate_hz) const;

  /// Reads out/00000k.npy, [layers, T, dim], [T, dim] or [dim], of each signal. Throws DataError
  /// with all that is missing, wrong or too much.
  [[nodiscard]] std::vector<ProgramArray> read(std::span<const Signal> signals) const;

 private:
  std::filesystem::path path_;
};

}  // namespace musicrep

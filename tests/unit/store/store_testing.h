// What the tests of the store share.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {

/// A fresh folder that goes with its object; `folder / "x"` is a path in it.
class TemporaryFolder : public TempFolder {
 public:
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path() / name;
  }
};

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// The message of the DataError that `act` throws.
template <typename Act>
std::string data_error_of(Act&& act) {
  return message_of<DataError>(act);
}

}  // namespace musicrep

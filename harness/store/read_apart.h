// Reads untrusted files in a subprocess: the HDF5 library crashes on some damaged ones
// (and a seal can be forged), and the program must say so instead of going down with it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "foreign/packing.h"

namespace musicrep {

/// Ends the message where reading crashed, ran out of memory or took too long.
inline constexpr const char* kDamagedOrMalicious = "the file is damaged or malicious";

/// What `read` returns, called in a child that is a copy of this process. Throws the Error that
/// `read` throws, and DataError naming `path` where the child crashes, runs out of memory or takes
/// too long.
std::string bytes_read_apart(const std::filesystem::path& path,
                             const std::function<std::string()>& read);

/// Throws DataError: the child's answer is none.
[[noreturn]] void refuse_answer(const std::filesystem::path& path, const ProtocolError& error);

/// The same for a value that can be packed (foreign/packing.h), bit for bit.
template <typename Read>
auto read_apart(const std::filesystem::path& path, Read&& read) -> decltype(read()) {
  const std::string bytes = bytes_read_apart(path, [&] {
    Packer packer;
    packer(read());
    return packer.take();
  });
  try {
    Unpacker unpacker(bytes);
    auto value = unpacker.next<decltype(read())>();
    unpacker.finish();
    return value;
  } catch (const ProtocolError& error) {
    refuse_answer(path, error);
  }
}

}  // namespace musicrep

// Files: read whole, written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace musicrep {

/// A file's bytes as a stream. Throws DataError with the path and the system's reason.
std::ifstream open_for_reading(const std::filesystem::path& path);

/// The bytes of a file. Throws DataError with the path and the system's reason.
std::string read_file(const std::filesystem::path& path);

/// Makes `path` appear whole or not at all: `write` gets a temporary path in the same folder, which
/// is then flushed to disk and renamed. Parent folders are made. On any exception the temporary
/// file is removed. Throws DataError with the path and the system's reason.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write);

/// Makes the folder `path` appear whole or not at all, in place of one that is there: `write` gets
/// an empty folder next to it. On any exception that is removed and `path` stays as it was.
void write_folder_atomically(const std::filesystem::path& path,
                             const std::function<void(const std::filesystem::path&)>& write);

/// Whether `path` is a temporary file (or folder) of the functions above whose process is not alive
/// any more: on this machine, since its last start. What another machine left is not touched.
bool is_stale_temporary(const std::filesystem::path& path);

/// Removes all such below `folder`, as far as that can be done; how many there were.
std::size_t remove_temporaries_of_the_dead(const std::filesystem::path& folder);

/// The same as write_atomically() for a text in memory.
void write_text_atomically(const std::filesystem::path& path, std::string_view text);

/// Throws DataError where `folder` cannot be made or written: asked before long work begins.
void require_writable_folder(const std::filesystem::path& folder);

/// Throws DataError, naming `what`, where `path` is not an existing regular file.
void require_file(const std::filesystem::path& path, std::string_view what);

}  // namespace musicrep

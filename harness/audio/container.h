// What a file's header says of its size, held against the file: libsndfile shortens a cut-off file
// without a word.
#pragma once

#include <filesystem>

namespace musicrep {

/// Throws DataError, naming the file, where it is missing, unreadable, empty or not a regular file;
/// where it does not begin as wav, au, flac, ogg or mp3; where a wav or au header promises more
/// samples than the file holds, or none while it holds some; where an ogg stream lacks its last
/// page, or an mp3 is shorter than its Xing header says.
void check_container(const std::filesystem::path& path);

}  // namespace musicrep

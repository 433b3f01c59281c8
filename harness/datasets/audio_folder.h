// Data sets whose audio is one folder of files named by the items' ids.
#pragma once

#include <filesystem>
#include <string>

#include "datasets/dataset.h"

namespace musicrep {

/// The items of `full` whose <id>.wav, .flac, .ogg, .mp3 or other audio is in `folder` (the first
/// of these where there are several; endings, and ids where that leaves one file, in whatever
/// case), with their audio and notes on how many there are of each split. With `subfolders` also
/// those in folders below it. Throws DataError that begins with `owner` where the folder cannot be
/// read or holds none of them.
Dataset with_audio(const Dataset& full, const std::filesystem::path& folder,
                   const std::string& owner, bool subfolders = false);

}  // namespace musicrep

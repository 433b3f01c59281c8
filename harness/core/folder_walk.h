// Folders of audio, walked alike by all that read them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// What a folder holds. Links are followed; a folder that is reached a second time (by a link that
/// leads back, or by a second link) is walked once.
struct FolderWalk {
  std::vector<std::filesystem::path> files;  ///< in the order of their paths; they may be no audio
  /// Names of files and folders that are known to hold no audio: see holds_no_audio().
  std::vector<std::string> passed_over;
  std::vector<std::string> broken_links;  ///< a sentence each: the link, and where it leads
  std::vector<std::string> repeated;      ///< a sentence each: links to folders that were walked
  std::vector<std::string> unreadable;    ///< a sentence each: the folder or file, and why
};

enum class WalkDepth { kFolderAlone, kAllBelow };

/// Never throws for what it finds: a folder that cannot be read is in `unreadable`, `folder` itself
/// included.
FolderWalk walk_folder(const std::filesystem::path& folder, WalkDepth depth = WalkDepth::kAllBelow);

/// "cannot read '/music': Permission denied"; empty where the folder can be read, or is not there.
std::string unreadable_folder(const std::filesystem::path& folder);

/// Whether a file or folder of that name is what systems and players leave next to audio: a name
/// that begins with a dot, Thumbs.db, desktop.ini, pictures, playlists, texts, tables, logs.
bool holds_no_audio(const std::filesystem::path& name, bool is_folder);

/// "passed over 3 that hold no audio: .DS_Store, cover.jpg, list.m3u"; the first few names alone;
/// empty where there are none.
std::string passed_over_text(const std::vector<std::string>& names);

/// `text` with its ASCII letters in lower case.
std::string lower_case(std::string_view text);

/// Which of two files of one name is taken where both are audio: the lower, .wav before .flac,
/// .ogg, .mp3 and all others, an ending in lower case before another. Nothing where the ending is
/// none of audio, in whatever case.
std::optional<std::size_t> audio_rank(const std::filesystem::path& path);

/// The folder of that name in `parent`; where there is none, the one whose name differs in case
/// alone; else empty.
std::filesystem::path find_folder(const std::filesystem::path& parent, const std::string& name);

}  // namespace musicrep

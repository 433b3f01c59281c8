#include "core/folder_walk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr std::array kNoAudioExtensions = std::to_array<std::string_view>(
    {".jpg",  ".jpeg", ".png",  ".gif",   ".bmp",  ".webp", ".tif", ".tiff", ".svg",      // covers
     ".m3u",  ".m3u8", ".pls",  ".cue",   ".nfo",  ".sfv",  ".md5", ".log",  ".accurip",  // players
     ".txt",  ".pdf",  ".htm",  ".html",  ".xml",  ".url",  ".md",  ".rtf",  ".doc",
     ".docx",                                                                          // texts
     ".csv",  ".tsv",  ".json", ".jsonl", ".toml", ".yaml", ".yml", ".xls",  ".xlsx",  // tables
     ".npy",  ".npz",  ".h5",   ".hdf5",  ".mf",   ".lrc",  ".db",  ".ini",  ".py",      ".sh",
     ".lnk",  // others
     ".jams", ".lab",  ".mid",  ".midi",  ".zip",  ".gz",   ".tar", ".part", ".tmp",     ".bak"});
constexpr std::array kNoAudioFolders = std::to_array<std::string_view>(
    {"@eadir", "__macosx", "$recycle.bin", "system volume information", "lost+found"});
constexpr std::array kAudioExtensions = std::to_array<std::string_view>(
    {".wav",  ".flac", ".ogg",  ".mp3",  ".au",  ".snd",  ".aif",  ".aiff",  ".aifc",
     ".caf",  ".w64",  ".rf64", ".wave", ".oga", ".opus", ".m4a",  ".mp4",   ".aac",
     ".wma",  ".ac3",  ".mp2",  ".mpga", ".mp1", ".bwf",  ".sph",  ".nist",  ".svx",
     ".8svx", ".iff",  ".avr",  ".paf",  ".fap", ".pvf",  ".sf",   ".ircam", ".m4b",
     ".mov",  ".3gp",  ".adts", ".asf",  ".wmv", ".eac3", ".webm", ".mka",   ".mkv",
     ".weba", ".wv",   ".ape",  ".tta",  ".mpc", ".tak",  ".dsf",  ".dff",   ".dts",
     ".amr",  ".flv",  ".ra",   ".rm",   ".avi", ".mpg",  ".spx"});

class Walk {
 public:
  explicit Walk(bool all_below) : all_below_(all_below) {}

  FolderWalk of(const fs::path& root) {
    queue_.push_back(root);
    // Links to folders come last: what they lead to may be below `root` under its own name.
    while (!queue_.empty() || !linked_.empty()) {
      std::deque<fs::path>& next = queue_.empty() ? linked_ : queue_;
      const fs::path folder = std::move(next.front());
      next.pop_front();
      enter(folder);
    }
    std::ranges::sort(out_.files);
    std::ranges::sort(out_.passed_over);
    return std::move(out_);
  }

 private:
  void enter(const fs::path& folder) {
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0) {
      cannot_read(folder, std::error_code(errno, std::generic_category()));
      return;
    }
    const auto [first, is_new] = entered_.emplace(std::pair(facts.st_dev, facts.st_ino), folder);
    if (!is_new) {
      out_.repeated.push_back(fmt::format("'{}' is the folder '{}' again and was walked once",
                                          folder.string(), first->second.string()));
      return;
    }
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      entries.push_back(*at);
    }
    if (error) cannot_read(folder, error);
    // By name: which of two links to one folder is walked must not depend on the disk.
    std::ranges::sort(entries);
    for (const fs::directory_entry& entry : entries) look_at(entry);
  }

  void look_at(const fs::directory_entry& entry) {
    const fs::path& path = entry.path();
    std::error_code error;
    const bool is_link = entry.is_symlink(error);
    const fs::file_status status = entry.status(error);  // of what a link leads to
    const bool is_folder = status.type() == fs::file_type::directory;
    if (holds_no_audio(path.filename(), is_folder)) {
      if (!is_folder || all_below_) out_.passed_over.push_back(path.filename().string());
    } else if (is_link && (status.type() == fs::file_type::not_found ||
                           error == std::errc::too_many_symbolic_link_levels)) {
      std::error_code none;
      out_.broken_links.push_back(fmt::format("'{}' is a link to '{}', which does not exist",
                                              path.string(),
                                              fs::read_symlink(path, none).string()));
    } else if (is_folder) {
      if (all_below_) (is_link ? linked_ : queue_).push_back(path);
    } else if (status.type() == fs::file_type::regular) {
      out_.files.push_back(path);
    } else if (error) {
      cannot_read(path, error);
    }
  }

  void cannot_read(const fs::path& path, const std::error_code& error) {
    out_.unreadable.push_back(fmt::format("cannot read '{}': {}", path.string(), error.message()));
  }

  bool all_below_;
  FolderWalk out_;
  std::deque<fs::path> queue_;
  std::deque<fs::path> linked_;
  std::map<std::pair<dev_t, ino_t>, fs::path> entered_;
};

}  // namespace

std::string lower_case(std::string_view given) {
  std::string text(given);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::optional<std::size_t> audio_rank(const fs::path& path) {
  const std::string given = path.extension().string();
  const std::string lower = lower_case(given);
  const auto at = std::ranges::find(kAudioExtensions, lower);
  if (at == kAudioExtensions.end()) return std::nullopt;
  return 2 * static_cast<std::size_t>(at - kAudioExtensions.begin()) + (given == lower ? 0 : 1);
}

fs::path find_folder(const fs::path& parent, const std::string& name) {
  std::error_code error;
  if (fs::is_directory(parent / name, error)) return parent / name;
  fs::path found;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    std::error_code none;
    const bool same = lower_case(at->path().filename().string()) == lower_case(name);
    if (same && at->is_directory(none) && (found.empty() || at->path() < found)) found = at->path();
  }
  return found;
}

bool holds_no_audio(const fs::path& name, bool is_folder) {
  const std::string text = lower_case(name.string());
  if (text.starts_with('.')) return true;
  if (is_folder) return std::ranges::find(kNoAudioFolders, text) != kNoAudioFolders.end();
  return std::ranges::find(kNoAudioExtensions, lower_case(name.extension().string())) !=
         kNoAudioExtensions.end();
}

std::string unreadable_folder(const fs::path& folder) {
  std::error_code error;
  const fs::directory_iterator unused(folder, error);
  if (!error || error == std::errc::no_such_file_or_directory) return "";
  return fmt::format("cannot read '{}': {}", folder.string(), error.message());
}

std::string passed_over_text(const std::vector<std::string>& names) {
  if (names.empty()) return "";
  constexpr std::size_t kMost = 5;
  const std::span<const std::string> some(names.data(), std::min(names.size(), kMost));
  return fmt::format("skipped {} that hold{} no audio: {}{}", names.size(),
                     names.size() == 1 ? "s" : "", fmt::join(some, ", "),
                     names.size() > kMost ? ", ..." : "");
}

FolderWalk walk_folder(const fs::path& folder, WalkDepth depth) {
  return Walk(depth == WalkDepth::kAllBelow).of(folder);
}

}  // namespace musicrep

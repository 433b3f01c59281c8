#include "datasets/audio_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/folder_walk.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

/// The audio files of a folder by stem, which is an item's id.
class AudioFiles {
 public:
  AudioFiles(const fs::path& folder, WalkDepth depth, const std::string& owner) {
    FolderWalk walk = walk_folder(folder, depth);
    if (!walk.unreadable.empty()) {
      Problems problems;
      for (std::string& text : walk.unreadable) problems.add(std::move(text));
      problems.throw_if_any(
          fmt::format("{} cannot read the folder of audio '{}':", owner, folder.string()));
    }
    broken_links_ = std::move(walk.broken_links);
    for (const fs::path& path : walk.files) {
      const auto rank = audio_rank(path);
      if (!rank) continue;
      // Where an item is there in several, the first by rank is taken.
      fs::path& kept = by_stem_[path.stem().string()];
      if (kept.empty() || *rank < *audio_rank(kept)) kept = path;
    }
    for (const auto& [stem, path] : by_stem_) {
      const auto [at, is_new] = by_lower_stem_.emplace(lower_case(stem), path);
      if (!is_new) at->second.clear();  // several that differ in case: none is meant for sure
    }
  }

  /// The file of an item; empty where there is none.
  [[nodiscard]] fs::path of(const std::string& id) const {
    if (const auto found = by_stem_.find(id); found != by_stem_.end()) return found->second;
    const auto found = by_lower_stem_.find(lower_case(id));
    return found == by_lower_stem_.end() ? fs::path() : found->second;
  }

  [[nodiscard]] const std::vector<std::string>& broken_links() const { return broken_links_; }

 private:
  std::unordered_map<std::string, fs::path> by_stem_;
  std::unordered_map<std::string, fs::path> by_lower_stem_;
  std::vector<std::string> broken_links_;
};

}  // namespace

Dataset with_audio(const Dataset& full, const fs::path& folder, const std::string& owner,
                   bool subfolders) {
  const AudioFiles files(folder, subfolders ? WalkDepth::kAllBelow : WalkDepth::kFolderAlone,
                         owner);
  std::vector<std::size_t> kept;
  std::vector<fs::path> audio;
  for (std::size_t i = 0; i < full.ids.size(); ++i) {
    fs::path file = files.of(full.ids[i]);
    if (file.empty()) continue;
    kept.push_back(i);
    audio.push_back(std::move(file));
  }
  Dataset out = select_items(full, kept);
  out.audio = std::move(audio);
  if (out.ids.empty()) {
    throw DataError(
        fmt::format("{} folder '{}': found the audio of none of the {} items, expected files like "
                    "'{}.mp3' (or .wav, .flac, .ogg, ...)",
                    owner, folder.string(), full.ids.size(), full.ids.front()));
  }
  for (const std::string& link : files.broken_links()) out.notes.push_back(link);
  for (const char* split : {"train", "valid", "test"}) {
    const auto count = [&](const Dataset& d) { return std::ranges::count(d.splits, split); };
    if (count(full) == 0) continue;
    out.notes.push_back(fmt::format("{}: audio of {} of {} items", split, count(out), count(full)));
  }
  if (out.ids.size() != full.ids.size()) {
    if (full.splits.empty()) {
      out.notes.push_back(fmt::format("audio of {} of {} items", out.ids.size(), full.ids.size()));
    }
    out.notes.emplace_back("partial: its scores are not comparable with those of the whole set");
  }
  return out;
}

}  // namespace musicrep

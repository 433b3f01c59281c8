#include "datasets/audio_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

// Where an item is there in several, the first of them is taken.
constexpr std::array kExtensions = {".wav", ".flac", ".ogg", ".mp3"};

/// The audio files of a folder by stem, which is an item's id.
template <typename Iterator>
std::unordered_map<std::string, fs::path> audio_files(const fs::path& folder,
                                                      const std::string& owner) {
  const auto rank = [](const fs::path& path) {
    return std::ranges::find(kExtensions, path.extension().string());
  };
  std::unordered_map<std::string, fs::path> files;
  std::error_code error;
  for (Iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::path& path = at->path();
    std::error_code none;
    if (rank(path) == kExtensions.end() || !at->is_regular_file(none)) continue;
    fs::path& kept = files[path.stem().string()];
    if (kept.empty() || rank(path) < rank(kept)) kept = path;
  }
  if (error) {
    throw DataError(fmt::format("{} cannot read the folder of audio '{}': {}", owner,
                                folder.string(), error.message()));
  }
  return files;
}

}  // namespace

Dataset with_audio(const Dataset& full, const fs::path& folder, const std::string& owner,
                   bool subfolders) {
  const std::unordered_map<std::string, fs::path> files =
      subfolders ? audio_files<fs::recursive_directory_iterator>(folder, owner)
                 : audio_files<fs::directory_iterator>(folder, owner);
  std::vector<std::size_t> kept;
  std::vector<fs::path> audio;
  for (std::size_t i = 0; i < full.ids.size(); ++i) {
    const auto found = files.find(full.ids[i]);
    if (found == files.end()) continue;
    kept.push_back(i);
    audio.push_back(found->second);
  }
  Dataset out = select_items(full, kept);
  out.audio = std::move(audio);
  if (out.ids.empty()) {
    throw DataError(
        fmt::format("{} folder '{}': found the audio of none of the {} items, expected files like "
                    "'{}.mp3' (or .wav, .flac, .ogg)",
                    owner, folder.string(), full.ids.size(), full.ids.front()));
  }
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

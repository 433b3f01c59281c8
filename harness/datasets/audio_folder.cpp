#include "datasets/audio_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <unordered_map>

#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

// Where an item is there in several, the first of them is taken.
constexpr std::array kExtensions = {".wav", ".flac", ".ogg", ".mp3"};

/// The audio files of a folder by stem, which is an item's id.
std::unordered_map<std::string, fs::path> audio_files(const fs::path& folder,
                                                      const std::string& owner) {
  const auto rank = [](const fs::path& path) {
    return std::ranges::find(kExtensions, path.extension().string());
  };
  std::unordered_map<std::string, fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
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

Dataset with_audio(const Dataset& full, const fs::path& folder, const std::string& owner) {
  const std::unordered_map<std::string, fs::path> files = audio_files(folder, owner);
  Dataset out;
  out.about = full.about;
  out.n_expected = full.n_expected;
  out.notes = full.notes;
  for (const Target& target : full.targets) out.targets.push_back({target.name, {}, {}});
  for (std::size_t i = 0; i < full.ids.size(); ++i) {
    const auto found = files.find(full.ids[i]);
    if (found == files.end()) continue;
    out.ids.push_back(full.ids[i]);
    out.groups.push_back(full.groups[i]);
    out.splits.push_back(full.splits[i]);
    out.audio.push_back(found->second);
    for (std::size_t t = 0; t < full.targets.size(); ++t) {
      out.targets[t].values.push_back(full.targets[t].values[i]);
    }
  }
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
    out.notes.emplace_back("partial: its scores are not comparable with those of the whole set");
  }
  return out;
}

}  // namespace musicrep

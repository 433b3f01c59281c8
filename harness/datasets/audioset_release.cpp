#include "datasets/audioset_release.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/parallel.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

struct Set {
  const char* folder;
  const char* split;
  std::size_t n;  // of the release
};

// The test set first: a clip that is in both is tested, not learned from.
constexpr std::array kSets = {Set{"eval", "test", 20371}, Set{"bal_train", "train", 22160}};

fs::path records_folder(const fs::path& path) {
  const fs::path inside = path / "audioset_v1_embeddings";
  std::error_code none;
  if (fs::is_directory(inside, none)) return inside;
  throw DataError(
      fmt::format("data set of kind 'audioset': found no folder '{}', expected it to hold "
                  "bal_train/ and eval/",
                  inside.string()));
}

}  // namespace

std::vector<std::string> audioset_set_names() { return {kSets[1].folder, kSets[0].folder}; }

AudioSetRelease read_audioset_release(const fs::path& path, std::span<const std::string> folders,
                                      std::size_t n_labels) {
  const fs::path records = records_folder(path);
  std::array<std::vector<AudioSetClip>, kSets.size()> sets;
  Problems problems;
  for (std::size_t s = 0; s < kSets.size(); ++s) {
    try {
      sets[s] = read_audioset_clips(records / kSets[s].folder, n_labels, available_processors());
    } catch (const DataError& error) {
      problems.add(error.what());
    }
  }
  problems.throw_if_any("data set of kind 'audioset':");

  AudioSetRelease out;
  std::unordered_map<std::string, const Set*> seen;
  std::array<std::vector<AudioSetRelease::Item>, kSets.size()> kept;
  for (std::size_t s = 0; s < kSets.size(); ++s) {
    const Set& set = kSets[s];
    std::size_t within = 0;
    std::size_t across = 0;
    const std::size_t n = sets[s].size();
    for (AudioSetClip& clip : sets[s]) {
      const auto [first, is_new] = seen.emplace(clip.video_id, &set);
      if (is_new) {
        kept[s].push_back({set.split, std::move(clip)});
      } else {
        ++(first->second == &set ? within : across);
      }
    }
    if (std::ranges::find(folders, set.folder) == folders.end()) {
      kept[s].clear();
      continue;
    }
    out.notes.push_back(fmt::format("{}: {} of {} clips read", set.folder, n, set.n));
    if (within > 0) {
      out.notes.push_back(fmt::format("{}: {} clips stand there more than once; the first is used",
                                      set.folder, within));
    }
    if (across > 0) {
      out.notes.push_back(fmt::format("{}: {} clips stand in {} also; they are left out of {}",
                                      set.folder, across, kSets[0].folder, set.folder));
    }
  }
  for (std::size_t s = kSets.size(); s-- > 0;) {
    std::ranges::move(kept[s], std::back_inserter(out.clips));
  }
  return out;
}

}  // namespace musicrep

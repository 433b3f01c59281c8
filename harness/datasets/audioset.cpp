// Kind "audioset": the VGGish frames that AudioSet releases instead of audio.
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/options.h"
#include "core/parallel.h"
#include "datasets/audioset_clips.h"
#include "datasets/audioset_labels.h"
#include "datasets/frames.h"
#include "datasets/kinds.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

struct Set {
  const char* folder;
  const char* split;
  std::size_t n;  // of the release
};
// The test set first: a clip that stands in both is tested, not learned from.
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

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& labels = option<std::string>(options, "labels");
  if (path.empty()) throw ConfigError("option 'path' is empty, expected AudioSet's folder");
  const AudioSetTask task(labels, path);
  const fs::path records = records_folder(path);

  Dataset dataset;
  dataset.n_expected = task.n_expected();
  dataset.about =
      "AudioSet's released VGGish embeddings: Gemmeke et al., \"Audio Set: An ontology and "
      "human-labeled dataset for audio events\", ICASSP 2017; CC BY 4.0 (ontology CC BY-SA 4.0)";
  std::array<std::vector<AudioSetClip>, kSets.size()> sets;
  std::unordered_map<std::string, const Set*> seen;
  std::array<std::vector<bool>, kSets.size()> repeats;
  Problems problems;
  for (std::size_t s = 0; s < kSets.size(); ++s) {
    try {
      sets[s] =
          read_audioset_clips(records / kSets[s].folder, task.n_labels(), available_processors());
    } catch (const DataError& error) {
      problems.add(error.what());
    }
  }
  problems.throw_if_any("data set of kind 'audioset':");

  for (std::size_t s = 0; s < kSets.size(); ++s) {
    const Set& set = kSets[s];
    std::size_t within = 0;
    std::size_t across = 0;
    for (const AudioSetClip& clip : sets[s]) {
      const auto [first, is_new] = seen.emplace(clip.video_id, &set);
      repeats[s].push_back(!is_new);
      if (!is_new) ++(first->second == &set ? within : across);
    }
    dataset.notes.push_back(
        fmt::format("{}: {} of {} clips read", set.folder, sets[s].size(), set.n));
    if (within > 0) {
      dataset.notes.push_back(fmt::format(
          "{}: {} clips stand there more than once; the first is used", set.folder, within));
    }
    if (across > 0) {
      dataset.notes.push_back(fmt::format("{}: {} clips stand in {} also; they are left out of {}",
                                          set.folder, across, kSets[0].folder, set.folder));
    }
  }

  auto frames = std::make_shared<FrameTable>("AudioSet's release: official VGGish, PCA, 8 bit");
  std::vector<std::string> classes;
  for (std::size_t s = kSets.size(); s-- > 0;) {
    for (std::size_t i = 0; i < sets[s].size(); ++i) {
      const AudioSetClip& clip = sets[s][i];
      if (repeats[s][i]) continue;
      std::optional<std::string> class_name = task.class_of(clip.labels);
      if (!class_name) continue;
      dataset.ids.push_back(clip.video_id);
      dataset.splits.emplace_back(kSets[s].split);
      classes.push_back(std::move(*class_name));
      frames->add(clip.frames);
    }
  }
  dataset.targets.push_back(make_class_target(labels, classes));
  dataset.targets.back().facet = AudioSetTask::facet(labels);
  dataset.targets.back().title =
      dataset.targets.back().facet == "mood" ? "Music mood" : "Music genre";
  dataset.frames = std::move(frames);
  return dataset;
}

}  // namespace

DatasetKind audioset_kind() {
  DatasetKind kind;
  kind.name = "audioset";
  kind.description =
      "AudioSet: VGGish frames of the balanced training and evaluation clips (Gemmeke et al. 2017)";
  kind.fetch_help =
      "Embeddings: https://research.google.com/audioset/download.html, \"Features dataset\" (2.4 "
      "GB;\n"
      "bal_train and eval alone are about 80 MB).\n"
      "Labels: class_labels_indices.csv from the same page.\n"
      "Ontology: ontology.json from https://github.com/audioset/ontology.\n"
      "Licence: CC BY 4.0; the ontology CC BY-SA 4.0.\n"
      "Layout: the option 'path' names a folder that holds\n"
      "  audioset_v1_embeddings/bal_train/*.tfrecord   22,160 clips: the split train\n"
      "  audioset_v1_embeddings/eval/*.tfrecord        20,371 clips: the split test\n"
      "  class_labels_indices.csv, ontology.json\n"
      "It holds no audio: only encoders of VGGish frames can be run on it.";
  kind.options = {
      {"path", std::string(), "folder of audioset_v1_embeddings/ and the two lists of labels", true,
       true},
      {"labels", std::string("genre10"),
       "the target: \"genre10\" (GTZAN's ten genres by the ontology) or \"mood7\" (the children of "
       "Music mood); the items are the clips that fall in exactly one class"},
  };
  kind.load = load;
  return kind;
}

}  // namespace musicrep

// Kind "audioset": the VGGish frames that AudioSet releases instead of audio.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/did_you_mean.h"
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
constexpr const char* kAllLabels = "all";

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

/// Clips of the sets that are asked for, each video once, with notes on what was read.
struct Clips {
  struct Kept {
    const Set* set = nullptr;
    AudioSetClip clip;
  };
  std::vector<Kept> clips;  // those to learn from first
  std::vector<std::string> notes;
};

Clips read_clips(const fs::path& path, const std::vector<std::string>& folders,
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

  Clips out;
  std::unordered_map<std::string, const Set*> seen;
  std::array<std::vector<Clips::Kept>, kSets.size()> kept;
  for (std::size_t s = 0; s < kSets.size(); ++s) {
    const Set& set = kSets[s];
    std::size_t within = 0;
    std::size_t across = 0;
    const std::size_t n = sets[s].size();
    for (AudioSetClip& clip : sets[s]) {
      const auto [first, is_new] = seen.emplace(clip.video_id, &set);
      if (is_new) {
        kept[s].push_back({&set, std::move(clip)});
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

// The clips that fall in one class of a task, with that class.
void add_task(Dataset& dataset, FrameTable& frames, const AudioSetTask& task,
              const std::string& labels, std::vector<Clips::Kept>& clips) {
  dataset.n_expected = task.n_expected();
  std::vector<std::string> classes;
  for (const auto& [set, clip] : clips) {
    std::optional<std::string> class_name = task.class_of(clip.labels);
    if (!class_name) continue;
    dataset.ids.push_back(clip.video_id);
    dataset.splits.emplace_back(set->split);
    classes.push_back(std::move(*class_name));
    frames.add(clip.frames);
  }
  dataset.targets.push_back(make_class_target(labels, classes));
  dataset.targets.back().facet = AudioSetTask::facet(labels);
  dataset.targets.back().title =
      dataset.targets.back().facet == "mood" ? "Music mood" : "Music genre";
}

// All clips that are wanted, with all labels.
void add_tags(Dataset& dataset, FrameTable& frames, const AudioSetTags& tags,
              std::vector<Clips::Kept>& clips) {
  std::vector<std::vector<std::uint16_t>> labels;
  for (auto& [set, clip] : clips) {
    if (!tags.is_wanted(clip.labels)) continue;
    dataset.ids.push_back(clip.video_id);
    dataset.splits.emplace_back(set->split);
    labels.push_back(std::move(clip.labels));
    frames.add(clip.frames);
  }
  dataset.targets = tags.targets(labels);
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& labels = option<std::string>(options, "labels");
  const auto& under = option<std::string>(options, "under");
  const auto& folders = option<std::vector<std::string>>(options, "sets");
  if (path.empty()) throw ConfigError("option 'path' is empty, expected AudioSet's folder");
  const std::vector<std::string> known = {kSets[1].folder, kSets[0].folder};
  for (const std::string& folder : folders) {
    if (std::ranges::find(known, folder) == known.end()) {
      throw ConfigError("option 'sets': " + unknown_name("set", folder, known));
    }
  }
  if (folders.empty())
    throw ConfigError("option 'sets' is empty, expected bal_train, eval or both");

  Dataset dataset;
  dataset.about =
      "AudioSet's released VGGish embeddings: Gemmeke et al., \"Audio Set: An ontology and "
      "human-labeled dataset for audio events\", ICASSP 2017; CC BY 4.0 (ontology CC BY-SA 4.0)";
  auto frames = std::make_shared<FrameTable>("AudioSet's release: official VGGish, PCA, 8 bit");
  if (labels == kAllLabels) {
    const AudioSetTags tags(under, path);
    Clips clips = read_clips(path, folders, tags.n_labels());
    add_tags(dataset, *frames, tags, clips.clips);
    dataset.notes = std::move(clips.notes);
  } else {
    if (!under.empty()) throw ConfigError("option 'under' goes with labels = \"all\"");
    const AudioSetTask task(labels, path);
    Clips clips = read_clips(path, folders, task.n_labels());
    add_task(dataset, *frames, task, labels, clips.clips);
    dataset.notes = std::move(clips.notes);
    if (folders.size() < kSets.size()) dataset.n_expected = 0;
  }
  dataset.notes.emplace_back("artists unknown: clips of one artist may be on both sides of a fold");
  dataset.frames = std::move(frames);
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "audioset";
  kind.description =
      "AudioSet: VGGish frames of the balanced training and evaluation clips (Gemmeke et al. 2017)";
  kind.bibtex = R"(% known by: Gemmeke
@inproceedings{gemmeke2017audioset,
  title = {Audio Set: An Ontology and Human-Labeled Dataset for Audio Events},
  author = {Gemmeke, Jort F. and Ellis, Daniel P. W. and Freedman, Dylan and Jansen, Aren and Lawrence, Wade and Moore, R. Channing and Plakal, Manoj and Ritter, Marvin},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  year = {2017}
})";
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
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of audioset_v1_embeddings/ and the two lists of labels",
       .required = true,
       .is_path = true},
      {"labels", std::string("genre10"),
       "the target: \"genre10\" (GTZAN's ten genres by the ontology) or \"mood7\" (the children of "
       "Music mood), and the items are the clips that fall in exactly one class; or \"all\": every "
       "label a tag, and all clips, to train on"},
      {"sets", std::vector<std::string>{"bal_train", "eval"}, "the sets whose clips are items"},
      {"under", std::string(),
       "with labels = \"all\": the clips that have a label of this class of the ontology or below "
       "it, such as \"Music\"; empty: all clips"},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker audioset = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep

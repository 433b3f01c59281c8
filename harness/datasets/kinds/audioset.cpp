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
#include "datasets/audioset_release.h"
#include "datasets/frames.h"
#include "datasets/kinds.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kAllLabels = "all";
constexpr const char* kTagsBelow = "tags";

// The clips that fall in one class of a task, with that class.
void add_task(Dataset& dataset, FrameTable& frames, const AudioSetTask& task,
              const std::string& labels, std::vector<AudioSetRelease::Item>& clips) {
  dataset.n_expected = task.n_expected();
  std::vector<std::string> classes;
  for (const auto& [split, clip] : clips) {
    std::optional<std::string> class_name = task.class_of(clip.labels);
    if (!class_name) continue;
    dataset.ids.push_back(clip.video_id);
    dataset.splits.emplace_back(split);
    classes.push_back(std::move(*class_name));
    frames.add(clip.frames);
  }
  dataset.targets.push_back(make_class_target(labels, classes));
  dataset.targets.back().facet = AudioSetTask::facet(labels);
  dataset.targets.back().title =
      dataset.targets.back().facet == "mood" ? "Music mood" : "Music genre";
}

// All clips that are wanted, with all labels, or those that make a clip wanted.
void add_tags(Dataset& dataset, FrameTable& frames, const AudioSetTags& tags, bool wanted_alone,
              std::vector<AudioSetRelease::Item>& clips) {
  std::vector<std::vector<std::uint16_t>> labels;
  for (auto& [split, clip] : clips) {
    if (!tags.is_wanted(clip.labels)) continue;
    dataset.ids.push_back(clip.video_id);
    dataset.splits.emplace_back(split);
    labels.push_back(std::move(clip.labels));
    frames.add(clip.frames);
  }
  dataset.targets = tags.targets(labels, wanted_alone);
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const auto& labels = option<std::string>(options, "labels");
  const auto& under = option<std::string>(options, "under");
  const auto& folders = option<std::vector<std::string>>(options, "sets");
  if (path.empty()) throw ConfigError("option 'path' is empty, expected AudioSet's folder");
  const std::vector<std::string> known = audioset_set_names();
  for (const std::string& folder : folders) {
    if (std::ranges::find(known, folder) == known.end()) {
      throw ConfigError("option 'sets': " + unknown_name("set", folder, known));
    }
  }
  if (folders.empty())
    throw ConfigError("option 'sets' is empty, expected bal_train, eval or both");

  Dataset dataset;
  dataset.about = kAboutAudioSet;
  auto frames = std::make_shared<FrameTable>(kAudioSetFrameSpace);
  if (labels == kAllLabels || labels == kTagsBelow) {
    if (labels == kTagsBelow && under.empty()) {
      throw ConfigError(
          "option 'under' is empty; labels = \"tags\" expects a class such as \"Music\"");
    }
    const AudioSetTags tags(under, path);
    AudioSetRelease clips = read_audioset_release(path, folders, tags.n_labels());
    add_tags(dataset, *frames, tags, labels == kTagsBelow, clips.clips);
    dataset.notes = std::move(clips.notes);
  } else {
    if (!under.empty()) {
      throw ConfigError("option 'under' goes with labels = \"all\" or \"tags\"");
    }
    const AudioSetTask task(labels, path);
    AudioSetRelease clips = read_audioset_release(path, folders, task.n_labels());
    add_task(dataset, *frames, task, labels, clips.clips);
    dataset.notes = std::move(clips.notes);
    if (folders.size() < known.size()) dataset.n_expected = 0;
  }
  dataset.link_prefix = kAudioSetLink;
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
       "label a tag, and all clips, to train on; or \"tags\": the labels of 'under' and below it, "
       "and the clips that have one of them"},
      {"sets", std::vector<std::string>{"bal_train", "eval"}, "the sets whose clips are items"},
      {"under", std::string(),
       "with labels = \"all\" or \"tags\": the clips that have a label of this class of the ontology or below "
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

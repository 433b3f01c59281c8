#include "datasets/audioset_clips.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>
#include <google/protobuf/stubs/common.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

#include "core/files.h"
#include "core/folder_walk.h"
#include "core/parallel.h"
#include "datasets/frames.h"
#include "datasets/tfrecord.h"
#include "musicrep/error.h"
#include "sequence_example.pb.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

/// Reads the features of one record; what is wrong goes to the file's problems.
class RecordReader {
 public:
  RecordReader(const proto::SequenceExample& example, std::string where, Problems& problems)
      : example_(example), where_(std::move(where)), problems_(problems) {}

  AudioSetClip read(std::size_t n_labels) {
    AudioSetClip clip;
    read_video_id(clip);
    read_labels(n_labels, clip);
    read_frames(clip);
    return clip;
  }

 private:
  void problem(const std::string& what) { problems_.add(where_ + ": " + what); }

  const proto::Feature* context(const std::string& name) {
    const auto& features = example_.context().feature();
    const auto found = features.find(name);
    if (found != features.end()) return &found->second;
    problem(fmt::format("found no context feature '{}'", name));
    return nullptr;
  }

  void read_video_id(AudioSetClip& clip) {
    const proto::Feature* feature = context("video_id");
    if (feature == nullptr) return;
    const auto& texts = feature->bytes_list().value();
    if (texts.size() == 1 && !texts[0].empty()) {
      clip.video_id = texts[0];
      where_ += fmt::format(", clip '{}'", clip.video_id);
    } else {
      problem(
          fmt::format("context feature 'video_id': found {} texts, expected 1 that is not "
                      "empty",
                      texts.size()));
    }
  }

  void read_labels(std::size_t n_labels, AudioSetClip& clip) {
    const proto::Feature* feature = context("labels");
    if (feature == nullptr) return;
    const auto& labels = feature->int64_list().value();
    if (labels.empty()) {
      problem("context feature 'labels': found no whole number, expected 1 or more");
    }
    for (const std::int64_t label : labels) {
      if (label < 0 || label >= static_cast<std::int64_t>(n_labels)) {
        problem(fmt::format("context feature 'labels': found {}, expected 0 to {}", label,
                            n_labels - 1));
        continue;
      }
      clip.labels.push_back(static_cast<std::uint16_t>(label));
    }
    std::ranges::sort(clip.labels);
    clip.labels.erase(std::unique(clip.labels.begin(), clip.labels.end()), clip.labels.end());
  }

  void read_frames(AudioSetClip& clip) {
    const auto& lists = example_.feature_lists().feature_list();
    const auto found = lists.find("audio_embedding");
    if (found == lists.end()) {
      problem("found no feature list 'audio_embedding'");
      return;
    }
    const auto& frames = found->second.feature();
    if (frames.empty()) {
      problem("feature list 'audio_embedding': found no frame, expected 1 or more");
    }
    for (int t = 0; t < frames.size(); ++t) {
      const auto& texts = frames[t].bytes_list().value();
      if (texts.size() != 1 || texts[0].size() != FrameTable::kWidth) {
        problem(fmt::format("feature list 'audio_embedding', frame {}: found {}, expected {} bytes",
                            t + 1,
                            texts.size() == 1 ? fmt::format("{} bytes", texts[0].size())
                                              : fmt::format("{} texts", texts.size()),
                            FrameTable::kWidth));
        return;
      }
      clip.frames.insert(clip.frames.end(), texts[0].begin(), texts[0].end());
    }
  }

  const proto::SequenceExample& example_;
  std::string where_;
  Problems& problems_;
};

std::vector<AudioSetClip> read_clips(const fs::path& path, std::size_t n_labels,
                                     Problems& problems) {
  const std::string bytes = read_file(path);
  std::vector<AudioSetClip> clips;
  for (const TfRecord& record : split_tfrecords(bytes, path, problems)) {
    google::protobuf::Arena arena;
    auto* example = google::protobuf::Arena::CreateMessage<proto::SequenceExample>(&arena);
    const bool fits = record.data.size() <= std::numeric_limits<int>::max();
    if (!fits ||
        !example->ParseFromArray(record.data.data(), static_cast<int>(record.data.size()))) {
      problems.add(where(path, record) + ": found no tf.SequenceExample in its data");
      continue;
    }
    clips.push_back(RecordReader(*example, where(path, record), problems).read(n_labels));
  }
  return clips;
}

std::vector<fs::path> record_files(const fs::path& folder) {
  FolderWalk walk = walk_folder(folder, WalkDepth::kFolderAlone);
  Problems problems;
  for (std::string& text : walk.unreadable) problems.add(std::move(text));
  for (std::string& text : walk.broken_links) problems.add(std::move(text));
  problems.throw_if_any(fmt::format("cannot read folder '{}':", folder.string()));
  std::erase_if(walk.files, [](const fs::path& file) { return file.extension() != ".tfrecord"; });
  if (walk.files.empty()) {
    throw DataError(fmt::format("folder '{}': found no .tfrecord file", folder.string()));
  }
  return std::move(walk.files);
}

// Protobuf prints what it cannot parse; here that is reported as an error.
void keep_protobuf_quiet() {
  [[maybe_unused]] static const bool once = [] {
    google::protobuf::SetLogHandler(nullptr);
    return true;
  }();
}

}  // namespace

std::vector<AudioSetClip> read_audioset_clips(const fs::path& folder, std::size_t n_labels,
                                              std::size_t threads) {
  keep_protobuf_quiet();
  const std::vector<fs::path> files = record_files(folder);
  std::vector<std::vector<AudioSetClip>> clips(files.size());
  std::vector<Problems> mistakes(files.size());
  parallel_for(files.size(), threads, [&](std::size_t i) {
    try {
      clips[i] = read_clips(files[i], n_labels, mistakes[i]);
    } catch (const DataError& error) {
      mistakes[i].add(error.what());
    }
  });
  Problems problems;
  for (const Problems& of_file : mistakes) {
    for (const std::string& mistake : of_file.list()) problems.add(mistake);
  }
  problems.throw_if_any(fmt::format("AudioSet records in '{}':", folder.string()));
  std::vector<AudioSetClip> out;
  for (std::vector<AudioSetClip>& of_file : clips) {
    std::ranges::move(of_file, std::back_inserter(out));
  }
  return out;
}

}  // namespace musicrep

#include "datasets/audioset_clips.h"

#include <catch2/catch.hpp>

#include "audioset_testing.h"
#include "data_dir.h"
#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::AudioSetClip;
using musicrep::bytes_feature;
using musicrep::clip;
using musicrep::DataError;
using musicrep::entry;
using musicrep::example;
using musicrep::frame;
using musicrep::framed;
using musicrep::frames_list;
using musicrep::message_of;
using musicrep::numbers_feature;
using musicrep::read_audioset_clips;
using musicrep::TempFolder;

namespace {

constexpr std::size_t kLabels = 5;

std::vector<std::string> ids_of(const std::vector<AudioSetClip>& clips) {
  std::vector<std::string> ids;
  for (const AudioSetClip& one : clips) ids.push_back(one.video_id);
  return ids;
}

/// What is reported of a file with one record.
std::string message_for(const std::string& data) {
  const TempFolder folder;
  folder.write("x.tfrecord", framed(data));
  return message_of<DataError>([&] { read_audioset_clips(folder.path(), kLabels, 1); });
}

const std::string kLabelsEntry = entry("labels", numbers_feature({1}));
const std::string kIdEntry = entry("video_id", bytes_feature({"id"}));
const std::string kFrames = frames_list({frame(1)});

}  // namespace

TEST_CASE("audioset: clips by file name and place whatever the number of threads") {
  const TempFolder folder;
  folder.write("b.tfrecord", framed(clip("b1", {3, 0, 3}, {frame(7), frame(200)})));
  folder.write("-a.tfrecord", framed(clip("a1", {1}, {frame(1)})) +
                                  framed(clip("a2", {4}, {frame(2), frame(3), frame(4)})));
  folder.write("notes.txt", "no records");
  folder.write("empty.tfrecord", "");
  const auto clips = read_audioset_clips(folder.path(), kLabels, 1);
  CHECK(ids_of(clips) == std::vector<std::string>{"a1", "a2", "b1"});
  CHECK(clips[2].labels == std::vector<std::uint16_t>{0, 3});
  REQUIRE(clips[2].frames.size() == 256);
  CHECK(clips[2].frames[127] == 7);
  CHECK(clips[2].frames[128] == 200);
  const auto again = read_audioset_clips(folder.path(), kLabels, 4);
  REQUIRE(ids_of(again) == ids_of(clips));
  for (std::size_t i = 0; i < clips.size(); ++i) CHECK(again[i].frames == clips[i].frames);
}

TEST_CASE("audioset: features that are missing or of another kind") {
  CHECK_THAT(message_for(example(kLabelsEntry, kFrames)),
             Contains("x.tfrecord', record 1 at byte 0: found no context feature 'video_id'"));
  CHECK_THAT(message_for(example(kIdEntry, kFrames)),
             Contains("record 1 at byte 0, clip 'id': found no context feature 'labels'"));
  CHECK_THAT(message_for(example(kIdEntry + kLabelsEntry, kFrames, "video_embedding")),
             Contains("clip 'id': found no feature list 'audio_embedding'"));
  CHECK_THAT(message_for(example(entry("video_id", numbers_feature({3})) + kLabelsEntry, kFrames)),
             Contains("context feature 'video_id': found 0 texts, expected 1"));
  CHECK_THAT(message_for(example(kIdEntry + entry("labels", bytes_feature({"1"})), kFrames)),
             Contains("context feature 'labels': found no whole number, expected 1 or more"));
}

TEST_CASE("audioset: frames of another width or none") {
  CHECK_THAT(message_for(clip("id", {1}, {frame(1), frame(1, 127)})),
             Contains("clip 'id': feature list 'audio_embedding', frame 2: found 127 bytes, "
                      "expected 128 bytes"));
  CHECK_THAT(message_for(clip("id", {1}, {frame(1, 1024)})), Contains("found 1024 bytes"));
  CHECK_THAT(message_for(clip("id", {1}, {})), Contains("found no frame, expected 1 or more"));
}

TEST_CASE("audioset: labels beyond the list") {
  CHECK_THAT(message_for(clip("id", {1, 5}, {frame(1)})),
             Contains("context feature 'labels': found 5, expected 0 to 4"));
  CHECK_THAT(message_for(clip("id", {0xFFFFFFFFFFFFFFFFULL}, {frame(1)})), Contains("found -1"));
}

TEST_CASE("audioset: a record that is no protocol buffer") {
  CHECK_THAT(message_for("no protocol buffer"),
             Contains("x.tfrecord', record 1 at byte 0: found no tf.SequenceExample in its data"));
}

TEST_CASE("audioset: a record whose bytes lie is read or refused") {
  const TempFolder folder;
  const std::string good = clip("id", {1}, {frame(1)});
  std::size_t refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int change : {1, 0x80, 0xFF}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ change);
      folder.write("x.tfrecord", framed(bad));
      const std::string message =
          message_of<DataError>([&] { read_audioset_clips(folder.path(), kLabels, 1); });
      if (message == "(nothing was thrown)") continue;
      ++refused;
      CHECK_THAT(message, Contains("x.tfrecord', record 1 at byte 0"));
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("audioset: what is wrong with several files is reported at once") {
  const TempFolder folder;
  std::string damaged = framed(clip("a1", {1}, {frame(1)}));
  damaged[40] = static_cast<char>(damaged[40] ^ 1);
  folder.write("a.tfrecord", damaged + framed(clip("a2", {9}, {frame(1)})));
  folder.write("b.tfrecord", framed(clip("b1", {1}, {frame(1)})).substr(0, 100));
  const std::string message =
      message_of<DataError>([&] { read_audioset_clips(folder.path(), kLabels, 2); });
  CHECK_THAT(message, Contains("a.tfrecord', record 1 at byte 0: the data is damaged"));
  CHECK_THAT(message, Contains("a.tfrecord', record 2"));
  CHECK_THAT(message, Contains("clip 'a2': context feature 'labels': found 9"));
  CHECK_THAT(message, Contains("b.tfrecord', record 1 at byte 0: found 88 bytes after the length"));
}

TEST_CASE("audioset: a folder that is not there or holds no records") {
  const TempFolder folder;
  CHECK_THAT(
      message_of<DataError>([&] { read_audioset_clips(folder.path() / "none", kLabels, 1); }),
      Contains("none'") && Contains("No such file or directory"));
  CHECK_THAT(message_of<DataError>([&] { read_audioset_clips(folder.path(), kLabels, 1); }),
             Contains(folder.path().string() + "': found no .tfrecord file"));
}

TEST_CASE("audioset: the real records") {
  const auto path = musicrep::data_path("audioset/audioset_v1_embeddings");
  if (!path) return;
  const auto train = read_audioset_clips(*path / "bal_train", 527, 2);
  const auto test = read_audioset_clips(*path / "eval", 527, 2);
  CHECK(train.size() == 22160);
  CHECK(test.size() == 20371);
  CHECK(train[0].video_id == "--cB2ZVjpnA");
  const auto same = read_audioset_clips(*path / "eval", 527, 1);
  REQUIRE(ids_of(same) == ids_of(test));
  bool equal = true;
  for (std::size_t i = 0; i < test.size(); ++i) {
    equal = equal && same[i].frames == test[i].frames && same[i].labels == test[i].labels;
  }
  CHECK(equal);
}

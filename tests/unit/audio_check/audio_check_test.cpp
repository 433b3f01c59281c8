#include "audio_check/audio_check.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <utility>

#include "audio_testing.h"
#include "core/hash.h"
#include "musicrep/error.h"

using namespace musicrep;

namespace {

constexpr std::size_t kItems = 600;  // 256, 256 and 88 together

Dataset short_clips(const TempFolder& folder) {
  Dataset out;
  out.name = "clips";
  for (std::size_t i = 0; i < kItems; ++i) {
    out.ids.push_back("clip" + std::to_string(i));
    out.audio.emplace_back(
        write_audio(folder, {}, std::vector<float>(8, static_cast<float>(i) / 1000), out.ids[i]));
  }
  return out;
}

/// How many items were decoded: they are reported of one by one, a stored batch at once.
std::size_t check(const Dataset& dataset, const ArtefactStore& store) {
  std::size_t decoded = 0;
  std::size_t last = 0;
  check_audio(dataset, store, 2, [&](std::size_t done, std::size_t total) {
    CHECK(done > last);
    CHECK(total == kItems);
    if (done == last + 1) ++decoded;
    last = done;
  });
  CHECK(last == kItems);
  return decoded;
}

}  // namespace

TEST_CASE("audio check: a file that changes has its batch decoded again, no other") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  const Dataset dataset = short_clips(folder);
  CHECK(check(dataset, store) == kItems);
  CHECK(check(dataset, store) == 0);
  const std::string before = check_audio(dataset, store, 2)[300].pcm_sha256;
  write_audio(folder, {}, std::vector<float>(8, 0.9F), "clip300");
  CHECK(check(dataset, store) == 256);
  CHECK(check_audio(dataset, store, 2)[300].pcm_sha256 != before);
}

TEST_CASE("audio check: one that is stopped goes on behind its last whole batch") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  const Dataset dataset = short_clips(folder);
  const auto stop_at_400 = [](std::size_t done, std::size_t) {
    if (done == 400) throw Error(ErrorKind::kInterrupted, "stopped");
  };
  CHECK_THROWS_AS(check_audio(dataset, store, 2, stop_at_400), Error);
  CHECK(check(dataset, store) == kItems - 256);
}

TEST_CASE("audio check: what could not be read for a while is checked again") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  const Dataset dataset = short_clips(folder);
  const std::filesystem::path away = folder.path() / "away.wav";
  // Hashed, and gone when its turn to be decoded comes.
  check_audio(dataset, store, 1, [&](std::size_t done, std::size_t) {
    if (done == 1) std::filesystem::rename(dataset.audio[5], away);
  });
  CHECK_FALSE(check_audio(dataset, store, 1)[5].problem.empty());
  std::filesystem::rename(away, dataset.audio[5]);
  CHECK(check_audio(dataset, store, 1)[5].problem.empty());
  CHECK(check_audio(dataset, store, 1)[5].pcm_sha256.size() == 64);
}

TEST_CASE("audio check: bad items have their problem, the others what they hold") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  Dataset dataset = short_clips(folder);
  std::filesystem::resize_file(dataset.audio[10], 3);
  std::filesystem::remove(dataset.audio[550]);
  for (const std::size_t decoded : {kItems, std::size_t{88}}) {  // a missing file may come back
    CHECK(check(dataset, store) == decoded);
  }
  const std::vector<CheckedAudio> found = check_audio(dataset, store, 2);
  CHECK(found[0].silent);
  for (std::size_t i = 0; i < kItems; ++i) {
    INFO(i);
    CHECK(found[i].problem.empty() == (i != 10 && i != 550));
    CHECK(found[i].pcm_sha256.empty() == (i == 10 || i == 550));
  }
}

TEST_CASE("audio check: channels that cancel each other are silence, with that reason") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  Dataset dataset;
  dataset.name = "clips";
  const FileSpec stereo = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 2};
  std::vector<float> opposed;
  for (const float x : sine(4000, 300, 8000)) opposed.insert(opposed.end(), {x, -x});
  dataset.ids = {"anti", "tone", "still"};
  dataset.audio = {write_audio(folder, stereo, opposed, "anti"),
                   write_audio(folder, {}, sine(4000, 300, 22050), "tone"),
                   write_audio(folder, {}, std::vector<float>(4000), "still")};
  for (int again = 0; again < 2; ++again) {  // decoded, and from the store
    const std::vector<CheckedAudio> found = check_audio(dataset, store, 2);
    CHECK(found[0].silent);
    CHECK(found[0].cancels);
    CHECK_FALSE(found[1].silent);
    CHECK(found[2].silent);
    CHECK_FALSE(found[2].cancels);
    const std::vector<std::string> notes = audio_notes(dataset.ids, found);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0] == "1 of 3 items are silence: still");
    CHECK_THAT(notes[1], Catch::Contains("channels cancel each other: anti"));
  }
}

TEST_CASE("audio check: a key tells how a file is read where that is no matter of course") {
  const TempFolder folder;
  const ArtefactStore store(folder.path() / "cache");
  Dataset dataset;
  dataset.name = "clips";
  dataset.ids = {"a"};
  const auto hashes = [&](const FileSpec& spec) {
    dataset.audio = {write_audio(folder, spec, std::vector<float>(48000, 0.25F))};
    const std::vector<CheckedAudio> found = check_audio(dataset, store, 1);
    CHECK(found[0].problem.empty());
    CHECK_FALSE(needs_ffmpeg(dataset, found));
    return std::pair(files_sha256(found), Sha256().update_text(found[0].file_sha256).hex());
  };
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                           SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}) {
    const auto [key, plain] = hashes({"x", format, 22050, 2});
    CHECK(key == plain);
  }
  const auto [of_six, plain] = hashes({"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 6});
  CHECK(of_six != plain);
  CheckedAudio by_ffmpeg{"0123", "", false, false, "ffmpeg 5.1.9", ""};
  CHECK(needs_ffmpeg(dataset, {&by_ffmpeg, 1}));
  const std::string before = files_sha256({&by_ffmpeg, 1});
  by_ffmpeg.reading = "ffmpeg 7.0";
  CHECK(files_sha256({&by_ffmpeg, 1}) != before);
}

TEST_CASE("audio check: a file known by its hash that needs ffmpeg must say so by its name") {
  const TempFolder folder;
  Dataset dataset;
  dataset.name = "clips";
  dataset.ids = {"a"};
  dataset.audio = {write_audio(folder, {}, sine(4000, 300, 22050))};
  dataset.file_sha256 = {sha256_of_file(dataset.audio[0])};
  require_known_file(dataset, 0);
  CHECK_FALSE(needs_ffmpeg(dataset, {}));
  const std::string plain = known_audio_sha256(dataset);
  const std::filesystem::path other = folder.path() / "clip.m4a";
  std::filesystem::rename(dataset.audio[0], other);
  dataset.audio[0] = other;
  CHECK(needs_ffmpeg(dataset, {}));
  CHECK(known_audio_sha256(dataset) != plain);
  require_known_file(dataset, 0);
}

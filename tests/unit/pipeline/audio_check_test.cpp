#include "pipeline/audio_check.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "audio_testing.h"
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

/// How many items were decoded: they are told of one by one, a stored batch at once.
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

TEST_CASE("audio check: what could not be read for a while is looked at again") {
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

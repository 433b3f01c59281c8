#include "audio_check/inspect.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "audio/examine.h"
#include "audio_testing.h"
#include "data_dir.h"
#include "musicrep/error.h"

using Catch::Matchers::Contains;
using musicrep::AudioExamination;
using musicrep::DataError;
using musicrep::DataInspection;
using musicrep::Dataset;
using musicrep::examine_audio;
using musicrep::FileSpec;
using musicrep::inspect_dataset;
using musicrep::message_of;
using musicrep::sine;
using musicrep::TempFolder;
using musicrep::write_audio;
using Texts = std::vector<std::string>;

namespace {

DataInspection inspect(const Dataset& dataset, std::size_t jobs = 2) {
  return inspect_dataset(dataset, jobs, [](std::size_t, std::size_t) {});
}

/// One wav file an item, each another tone.
Dataset tones(const TempFolder& folder, const Texts& ids) {
  Dataset dataset;
  dataset.name = "tones";
  dataset.ids = ids;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    dataset.audio.emplace_back(
        write_audio(folder, {}, sine(22050, 200.0 * static_cast<double>(i + 1), 22050), ids[i]));
  }
  return dataset;
}

bool holds(const Texts& list, const std::string& part) {
  return std::ranges::any_of(
      list, [&](const std::string& entry) { return entry.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("inspect: facts of one file, decoded to its end") {
  const TempFolder folder;
  const FileSpec stereo = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 2};
  const AudioExamination facts = examine_audio(write_audio(folder, stereo, sine(80000, 300, 8000)));
  CHECK(facts.info.sample_rate_hz == 8000);
  CHECK(facts.info.channels == 2);
  CHECK(facts.duration_s() == 5);
  CHECK_FALSE(facts.is_constant);
  CHECK(facts.clipped_share == 0);
  CHECK(facts.pcm_sha256.size() == 64);
}

TEST_CASE("inspect: silence and a constant offset are no signal, one moving sample is") {
  const TempFolder folder;
  std::vector<float> samples(50000, 0);
  CHECK(examine_audio(write_audio(folder, {}, samples)).is_constant);
  samples.back() = 0.5F;
  CHECK_FALSE(examine_audio(write_audio(folder, {}, samples)).is_constant);
  CHECK(examine_audio(write_audio(folder, {}, std::vector<float>(100, 0.25F))).is_constant);
}

TEST_CASE("inspect: samples at full scale count from three in a row, a channel at a time") {
  const TempFolder folder;
  const float up = 1;
  const auto share = [&](const std::vector<float>& samples, std::size_t channels = 1) {
    const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, channels};
    return examine_audio(write_audio(folder, spec, samples)).clipped_share;
  };
  CHECK(share({0, up, up, 0, up, 0, 0, 0, 0, 0}) == 0);
  CHECK(share({0, up, up, up, 0, 0, 0, 0, 0, 0}) == Approx(0.3));
  CHECK(share({0, -up, -up, -1.5F, up, 0, 0, 0, 0, 0}) == Approx(0.4));
  CHECK(share({0, 0, 0, 0, 0, 0, 0, up, up, up}) == Approx(0.3));
  CHECK(share({up, 0, up, 0, up, 0, 0, 0, 0, 0}, 2) == Approx(0.3));
  CHECK(share({up, up, 0, 0, up, up, 0, 0}, 2) == 0);
}

TEST_CASE("inspect: a good data set, alike for any number of jobs") {
  const TempFolder folder;
  Dataset dataset = tones(folder, {"a", "b", "c", "d"});
  dataset.splits = {"train", "train", "test", ""};
  dataset.groups = {"x", "x", "y", "x"};
  std::size_t last = 0;
  const DataInspection found =
      inspect_dataset(dataset, 2, [&](std::size_t done, std::size_t total) {
        CHECK(total == 4);
        CHECK(done == ++last);
      });
  CHECK(last == 4);
  CHECK(found.errors.empty());
  CHECK(found.warnings.empty());
  CHECK(found.audio.n_files == 4);
  CHECK(found.audio.hours == Approx(4.0 / 3600));
  CHECK(found.audio.formats == std::map<std::string, std::size_t>{{"22050 Hz, mono", 4}});
  CHECK(inspect(dataset, 1).audio.hours == found.audio.hours);
}

TEST_CASE("inspect: every bad file is an error of its item, all at once") {
  const TempFolder folder;
  Dataset dataset = tones(folder, {"good", "cut", "text", "empty", "silent", "nan", "gone"});
  // Whole in its header, and cut off far behind it: only decoding finds that.
  const FileSpec flac = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  const std::string whole =
      musicrep::bytes_of(write_audio(folder, flac, sine(200000, 300, 22050), "whole"));
  dataset.audio[1] = folder.write("cut.flac", std::string_view(whole).substr(0, whole.size() / 2));
  dataset.audio[2] = folder.write("text.wav", "no audio");
  dataset.audio[3] = folder.write("empty.mp3", "");
  dataset.audio[4] = write_audio(folder, {}, std::vector<float>(1000, 0), "silent");
  std::vector<float> samples = sine(30000, 300, 22050);
  samples[29000] = std::numeric_limits<float>::quiet_NaN();
  dataset.audio[5] = write_audio(folder, {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT}, samples, "nan");
  dataset.audio[6] = folder.path() / "nowhere.wav";
  const DataInspection found = inspect(dataset);
  CHECK(found.errors.size() == 6);
  for (const char* id : {"cut", "text", "empty", "silent", "nan", "gone"}) {
    INFO(id);
    CHECK(holds(found.errors, std::string("item '") + id + "': "));
  }
  CHECK(holds(found.errors, "there is no signal"));
  CHECK(found.audio.n_files == 2);
  CHECK(inspect(dataset, 1).errors == found.errors);
}

TEST_CASE("inspect: split leaks, same samples, clipping and lonely classes are warnings") {
  const TempFolder folder;
  Dataset dataset = tones(folder, {"a", "b", "c", "d"});
  dataset.audio[3] = write_audio(folder, {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16},
                                 sine(22050, 200, 22050), "again");
  std::vector<float> loud = sine(22050, 200, 22050, 4.0);
  for (float& sample : loud) sample = std::clamp(sample, -1.0F, 32767.0F / 32768);
  dataset.audio[1] = write_audio(folder, {}, loud, "loud");
  dataset.splits = {"train", "valid", "train", "test"};
  dataset.groups = {"x", "", "", "x"};
  dataset.targets = {{"genre", {"blues", "rock"}, {0, 1, 1, 1}}};
  const DataInspection found = inspect(dataset);
  CHECK(found.errors.empty());
  CHECK(found.warnings.size() == 4);
  CHECK(holds(found.warnings,
              "split leak: 1 of 1 groups are in more than one split: 'x' (test, train)"));
  CHECK(holds(found.warnings, "items 'a' (train), 'd' (test) hold the same samples"));
  CHECK(holds(found.warnings, "clipped: 1 files"));
  CHECK(holds(found.warnings, "'b' ("));
  CHECK(holds(found.warnings, "'blues' of 'genre'"));
}

TEST_CASE("inspect: one of the real nine songs is silent") {
  const auto path = musicrep::data_path("tartarus");
  if (!path) return;
  const Dataset dataset = musicrep::load_dataset("t", "tartarus", {{"path", path->string()}});
  const DataInspection found = inspect(dataset);
  REQUIRE(found.errors.size() == 1);
  CHECK_THAT(found.errors[0], Contains("item 'S8'") && Contains("odisea_carnavalera.mp3"));
  CHECK(found.audio.n_files == 9);
}

TEST_CASE("inspect: channels that cancel each other are an error with its reason") {
  const TempFolder folder;
  Dataset dataset = tones(folder, {"good", "anti"});
  std::vector<float> opposed;
  for (const float x : sine(8000, 300, 8000)) opposed.insert(opposed.end(), {x, -x});
  dataset.audio[1] =
      write_audio(folder, {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 2}, opposed, "anti");
  const DataInspection found = inspect(dataset);
  REQUIRE(found.errors.size() == 1);
  CHECK_THAT(found.errors[0], Contains("item 'anti'") && Contains("anti.wav") &&
                                  Contains("its channels cancel each other"));
}

// What the program ffmpeg reads, and what is said where it is not there or cannot.
#include "audio/ffmpeg.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio_testing.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Contains;

/// Another PATH as long as the object lives.
class PathVariable {
 public:
  explicit PathVariable(const std::string& value) {
    const char* old = std::getenv("PATH");
    old_ = old == nullptr ? "" : old;
    ::setenv("PATH", value.c_str(), 1);
  }
  ~PathVariable() { ::setenv("PATH", old_.c_str(), 1); }
  PathVariable(const PathVariable&) = delete;
  PathVariable& operator=(const PathVariable&) = delete;

 private:
  std::string old_;
};

/// Runs ffmpeg in the folder, with these arguments for a shell.
void make(const TempFolder& folder, const std::string& arguments) {
  const std::string command =
      "cd '" + folder.path().string() + "' && ffmpeg -nostdin -v error -y -i clip.wav " + arguments;
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

std::string refusal(const std::string& path) {
  return message_of<DataError>([&] { decode_audio(path); });
}

const FileSpec kStereo = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2};

TEST_CASE("ffmpeg: what loses nothing comes back to the bit, whatever its name") {
  const TempFolder folder;
  const Pcm expected = decode_audio(write_audio(folder, kStereo, steps(96000, 2)));
  make(folder,
       "-c:a alac clip.m4a -c:a alac -f mov ./-odd:name.mp3 -c:a wavpack clip.wv "
       "-c:a tta clip.tta -c:a flac clip.mka");
  for (const std::string name : {"clip.m4a", "-odd:name.mp3", "clip.wv", "clip.tta", "clip.mka"}) {
    CAPTURE(name);
    const std::string path = (folder.path() / name).string();
    const Pcm pcm = decode_audio(path);
    CHECK(pcm.sample_rate_hz == 48000);
    CHECK(pcm.values == expected.values);
    CHECK(probe_audio(path).reading == "ffmpeg " + ffmpeg_version());
    CHECK(probe_audio(path).frames == 0);
    CHECK(decode_audio(path, {.max_duration_s = 0.5}).frames == 24000);
  }
  CHECK_FALSE(ffmpeg_version().empty());
}

TEST_CASE("ffmpeg: codings that lose something, and codings that wav may hold") {
  const TempFolder folder;
  write_audio(folder, kStereo, steps(96000, 2));
  make(folder,
       "clip.aac -c:a aac clip.mp4 -c:a ac3 clip.ac3 -c:a ac3 -f wav ac3.wav "
       "-c:a libopus clip.webm -c:a wmav2 clip.wma -c:a mp2 -f mpegts clip.ts");
  for (const char* name :
       {"clip.aac", "clip.mp4", "clip.ac3", "ac3.wav", "clip.webm", "clip.wma", "clip.ts"}) {
    CAPTURE(name);
    const Pcm pcm = decode_audio((folder.path() / name).string());
    CHECK(pcm.channels == 2);
    CHECK(pcm.frames > 96000 - 2500);
    CHECK(pcm.frames < 96000 + 5000);
  }
}

TEST_CASE("ffmpeg: mp2 and mp3 are no matter for it") {
  const TempFolder folder;
  write_audio(folder, kStereo, steps(96000, 2));
  make(folder,
       "-c:a mp2 clip.mp2 -c:a libmp3lame -write_xing 0 -q:a 2 clip.mp3 -c:a libmp3lame -f "
       "wav mp3.wav");
  const PathVariable nothing("/nonexistent");
  CHECK(decode_audio((folder.path() / "clip.mp2").string()).frames % 1152 == 0);
  CHECK(decode_audio((folder.path() / "clip.mp3").string()).frames % 1152 == 0);
  CHECK(decode_audio((folder.path() / "mp3.wav").string()).frames > 96000);
}

TEST_CASE("ffmpeg: not installed") {
  const TempFolder folder;
  write_audio(folder, kStereo, steps(4800, 2));
  make(folder, "-c:a aac clip.m4a -c:a ac3 -f wav ac3.wav");
  const PathVariable nothing("/nonexistent");
  CHECK(ffmpeg_version().empty());
  CHECK_THAT(refusal((folder.path() / "clip.m4a").string()),
             Contains("clip.m4a") && Contains("MPEG-4") && Contains("install ffmpeg"));
  CHECK_THAT(refusal((folder.path() / "ac3.wav").string()), Contains("install ffmpeg"));
  CHECK_THAT(refusal(folder.write("text.aac", "text")), Contains("install ffmpeg"));
  CHECK_THAT(refusal(folder.write("text.mp3", "text")), Contains("not audio that can be read"));
}

TEST_CASE("ffmpeg: what fails or ends early is an error with its reason") {
  const TempFolder folder;
  write_audio(folder, kStereo, steps(480000, 2));
  make(folder,
       "-c:a aac -movflags +faststart clip.m4a -c:a libopus clip.webm -c:a wmav2 clip.wma "
       "-c:a wavpack clip.wv clip.avi -c:a flac clip.mka");
  for (const char* name :
       {"clip.m4a", "clip.webm", "clip.wma", "clip.wv", "clip.avi", "clip.mka"}) {
    const std::string whole = bytes_of(folder.path() / name);
    const std::string path =
        folder.write(std::string("cut_") + name, whole.substr(0, whole.size() / 2));
    CAPTURE(name, refusal(path));
    CHECK_THAT(refusal(path), Contains(path) && (Contains("ffmpeg") || Contains("truncated")));
  }
  const std::string path = folder.write("text.m4a", std::string(3000, 'x'));
  CHECK_THAT(refusal(path), Contains(path) && Contains("ffmpeg cannot decode it: "));
}

TEST_CASE("ffmpeg: the one in PATH is asked, and what it says is reported") {
  const TempFolder folder;
  const std::string program = folder.write(
      "ffmpeg",
      "#!/bin/sh\n[ \"$1\" = -version ] && { echo 'ffmpeg version 9.9-x Copyright'; exit 0; }\n"
      "echo '[mov @ 0x1] [error] the reason' >&2\nexit 1\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string path = folder.write("a.m4a", "    ftypM4A ");
  const PathVariable only(folder.path().string());
  CHECK(ffmpeg_version() == "9.9-x");
  CHECK(ffmpeg_reading() == "ffmpeg 9.9-x");
  CHECK_THAT(refusal(path), Contains(path) && Contains("cannot decode it: the reason"));
}

TEST_CASE("ffmpeg: two streams of sound in one file are refused, lists of files not followed") {
  const TempFolder folder;
  const std::string wav = write_audio(folder, kStereo, steps(48000, 2));
  make(folder, "-map 0:a -map 0:a -c:a aac two.m4a");
  CHECK_THAT(refusal((folder.path() / "two.m4a").string()), Contains("ffmpeg cannot decode it"));
  const std::string list = folder.write("list.m4a", "ffconcat version 1.0\nfile clip.wav\n");
  CHECK_THAT(refusal(list), Contains("ffmpeg cannot decode it"));
}

TEST_CASE("ffmpeg: three to eight channels are mixed as it does") {
  for (std::size_t channels = 3; channels <= 8; ++channels) {
    const TempFolder folder;
    const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, channels};
    const std::string path = write_audio(folder, spec, steps(2000, channels));
    make(folder, "-ac 2 -c:a pcm_s16le stereo.wav -ac 1 -c:a pcm_s16le mono.wav");
    for (const std::size_t out : {1U, 2U}) {
      CAPTURE(channels, out);
      const Pcm expected =
          decode_audio((folder.path() / (out == 1 ? "mono.wav" : "stereo.wav")).string());
      const Pcm found = decode_audio(path, {.channels = out});
      REQUIRE(expected.channels == out);
      REQUIRE(found.values.size() == expected.values.size());
      float worst = 0;
      for (std::size_t i = 0; i < found.values.size(); ++i) {
        worst = std::max(worst, std::abs(found.values[i] - expected.values[i]));
      }
      CHECK(worst <= 3.0F / 32768);  // it rounds its coefficients and its samples
    }
  }
}

TEST_CASE("ffmpeg: channels of ogg and flac, whose places are others, are mixed as it does") {
  for (std::size_t channels = 3; channels <= 8; ++channels) {
    const TempFolder folder;
    const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, channels};
    std::vector<float> samples;
    for (std::size_t i = 0; i < 48000; ++i) {
      for (std::size_t c = 0; c < channels; ++c) {
        const double phase = 0.005 * static_cast<double>(i * (c + 3));
        samples.push_back(static_cast<float>(0.1 * std::sin(phase)));
      }
    }
    write_audio(folder, spec, samples);
    const std::string layout = channels == 3 ? "3.0" : "quad";
    const std::string reported = channels > 4 ? "" : "-channel_layout " + layout + " ";
    make(folder,
         "-c:a libvorbis -q:a 10 " + reported + "clip.ogg -c:a flac " + reported + "clip.flac");
    for (const std::string name : {"clip.ogg", "clip.flac"}) {
      CAPTURE(channels, name);
      const std::string command = "cd '" + folder.path().string() +
                                  "' && ffmpeg -nostdin -v error -y -i " + name +
                                  " -ac 2 -c:a pcm_s16le stereo.wav";
      REQUIRE(std::system(command.c_str()) == 0);
      const Pcm expected = decode_audio((folder.path() / "stereo.wav").string());
      const Pcm found = decode_audio((folder.path() / name).string(), {.channels = 2});
      const std::size_t n = std::min(found.frames, expected.frames);
      CHECK(n > 47000);
      double noise = 0;
      double power = 0;
      for (const std::size_t out : {0U, 1U}) {
        for (std::size_t i = 0; i < n; ++i) {
          noise +=
              std::pow(static_cast<double>(found.channel(out)[i] - expected.channel(out)[i]), 2);
          power += std::pow(static_cast<double>(expected.channel(out)[i]), 2);
        }
      }
      CHECK(10 * std::log10(power / noise) > 40);
    }
  }
}

}  // namespace
}  // namespace musicrep

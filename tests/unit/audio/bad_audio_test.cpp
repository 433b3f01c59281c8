// Every way in which a file of audio can be bad: each is refused, by name, with what was expected.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio_testing.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

std::string refusal(const std::string& path, const DecodeOptions& options = {}) {
  return message_of<DataError>([&] { decode_audio(path, options); });
}

std::string number(std::uint32_t value, std::size_t bytes = 4, bool big_endian = false) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t shift = 8 * (big_endian ? bytes - 1 - i : i);
    out += static_cast<char>(value >> shift & 0xFFU);
  }
  return out;
}

/// A wav header of PCM; `data_bytes` is what it claims.
std::string wav_header(std::uint32_t data_bytes, std::uint32_t rate_hz = 8000,
                       std::uint32_t channels = 1, std::uint32_t bits = 16) {
  const std::uint32_t frame = channels * bits / 8;
  return "RIFF" + number(data_bytes + 36) + "WAVEfmt " + number(16) + number(1, 2) +
         number(channels, 2) + number(rate_hz) + number(rate_hz * frame) + number(frame, 2) +
         number(bits, 2) + "data" + number(data_bytes);
}

TEST_CASE("the header by hand is a good one") {
  const TempFolder folder;
  CHECK(decode_audio(folder.write("good.wav", wav_header(4) + std::string("\0\x40\0\xC0", 4)))
            .values == std::vector<float>{0.5F, -0.5F});
  // Written into a pipe: the size was not known.
  CHECK(decode_audio(folder.write("pipe.wav", wav_header(0xFFFFFFFF) + std::string(8, '\0')))
            .frames == 4);
}

TEST_CASE("missing, a folder, a pipe, empty") {
  const TempFolder folder;
  const std::string missing = (folder.path() / "missing.wav").string();
  CHECK_THAT(refusal(missing), Contains(missing) && Contains("there is no file"));
  CHECK_THAT(refusal(folder.path().string()), Contains("is not a regular file"));
  const std::string pipe = (folder.path() / "pipe.wav").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THAT(refusal(pipe), Contains(pipe) && Contains("is not a regular file"));
  const std::string empty = folder.write("empty.wav", "");
  CHECK_THAT(refusal(empty), Contains(empty) && Contains("0 bytes, expected audio"));
}

TEST_CASE("not audio, whatever it is called") {
  const TempFolder folder;
  const std::string text(3000, 'x');
  for (const std::string extension : {"wav", "au", "flac", "ogg", "mp3", "gsm", "vox", "txt"}) {
    const std::string path = folder.write("text." + extension, text);
    CHECK_THAT(refusal(path), Contains(path) && Contains("not audio that can be read") &&
                                  Contains("expected wav, aiff, au, caf, w64, flac, ogg, mp3"));
    CHECK_THAT(refusal(folder.write("zeros." + extension, std::string(3000, '\0'))),
               Contains("not audio that can be read"));
  }
  // A magic number and nothing sensible after it.
  for (const std::string magic :
       {"fLaC", "RIFF", ".snd", "OggS", "ID3", "RF64", "\xFF\xFB\x90\x64"}) {
    const std::string path = folder.write("magic", magic + text);
    CAPTURE(magic);
    CHECK_THAT(refusal(path), Contains(path) && Contains("expected") || Contains("truncated"));
  }
}

TEST_CASE("truncated: in the header, in the middle, by the last byte") {
  const TempFolder folder;
  const FileSpec kinds[] = {{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                            {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16},
                            {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                            {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                            {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}};
  for (const FileSpec& spec : kinds) {
    std::vector<float> samples = sine(60000, 700, 22050);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += steps(256, 1)[i % 256] / 4;
    const std::string whole = bytes_of(write_audio(folder, spec, samples));
    for (const std::size_t kept : {std::size_t{10}, std::size_t{40}, whole.size() / 2,
                                   3 * whole.size() / 4, whole.size() - 1}) {
      const std::string path = folder.write("cut." + spec.extension, whole.substr(0, kept));
      CAPTURE(path, kept, whole.size());
      CHECK_THAT(refusal(path), Contains(path) && (Contains("truncated") || Contains("not audio")));
    }
  }
}

TEST_CASE("the beginning of a damaged file can be asked for, and is checked as far as that") {
  const TempFolder folder;
  const FileSpec spec = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  std::string bytes = bytes_of(write_audio(folder, spec, steps(100000, 1)));
  bytes.resize(bytes.size() * 3 / 4);
  const std::string path = folder.write("cut.flac", bytes);
  CHECK(decode_audio(path, {.max_duration_s = 1}).frames == 22050);
  CHECK_THAT(refusal(path), Contains("truncated"));
}

TEST_CASE("zero length") {
  const TempFolder folder;
  for (const FileSpec& spec : {FileSpec{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                               FileSpec{"au", SF_FORMAT_AU | SF_FORMAT_PCM_16},
                               FileSpec{"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                               FileSpec{"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS}}) {
    const std::string path = write_audio(folder, spec, {});
    CAPTURE(path);
    // An encoder that got no sample may have written nothing at all.
    CHECK_THAT(refusal(path), Contains(path) && Contains("expected a"));
  }
  CHECK_THAT(refusal(folder.write("none.wav", wav_header(0))),
             Contains("promises 0 bytes of samples, found 0 bytes after it"));
}

TEST_CASE("headers that lie") {
  const TempFolder folder;
  const std::string data(1000, '\x11');
  CHECK_THAT(
      refusal(folder.write("long.wav", wav_header(0x7FFFEFF0) + data)),
      Contains("truncated: its wav header promises 2147479536 bytes of samples, found 1000"));
  CHECK_THAT(refusal(folder.write("rate0.wav", wav_header(1000, 0) + data)), Contains("rate0.wav"));
  CHECK_THAT(refusal(folder.write("rate1.wav", wav_header(1000, 1) + data)),
             Contains("found a sample rate of 1 Hz, expected 1000 to 768000"));
  CHECK_THAT(refusal(folder.write("fast.wav", wav_header(1000, 2000000000) + data)),
             Contains("fast.wav"));
  CHECK_THAT(refusal(folder.write("c0.wav", wav_header(1000, 8000, 0) + data)), Contains("c0.wav"));
  CHECK_THAT(refusal(folder.write("c999.wav", wav_header(1000, 8000, 999) + data)),
             Contains("c999.wav"));
  CHECK_THAT(refusal(folder.write("bits.wav", wav_header(1000, 8000, 1, 77) + data)),
             Contains("bits.wav"));
  const std::string chunks = "RIFF" + number(100) + "WAVEJUNK" + number(0xFFFFFFF0) + data;
  CHECK_THAT(refusal(folder.write("chunk.wav", chunks)), Contains("without a chunk of samples"));
  const std::string au = ".snd" + number(24, 4, true) + number(5000, 4, true) + number(3, 4, true) +
                         number(8000, 4, true) + number(1, 4, true) + data;
  CHECK_THAT(refusal(folder.write("long.au", au)),
             Contains("its au header promises 5000 bytes of samples, found 1000"));
}

TEST_CASE("a flac header that promises 19 hours allocates nothing") {
  const TempFolder folder;
  const FileSpec spec = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000};
  std::string bytes = bytes_of(write_audio(folder, spec, steps(5000, 1)));
  // STREAMINFO's 36 bits of total samples begin in the low half of byte 21 of the file.
  bytes.replace(22, 4, number(0x20000000, 4, true));
  const std::string path = folder.write("lying.flac", bytes);
  CHECK(probe_audio(path).frames == 0x20000000);
  CHECK_THAT(refusal(path), Contains(path) && Contains("truncated or damaged") &&
                                Contains("promises 536870912 frames, found 5000"));
}

TEST_CASE("samples that are no numbers, or no audio, are found and placed") {
  const TempFolder folder;
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_WAV | SF_FORMAT_DOUBLE,
                           SF_FORMAT_AU | SF_FORMAT_FLOAT}) {
    const FileSpec spec = {"wav", format, 22050, 2};
    std::vector<float> samples(200000, 0.25F);
    samples[140001] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THAT(refusal(write_audio(folder, spec, samples)),
               Contains("clip.wav") && Contains("sample nan in frame 70000 of channel 1") &&
                   Contains("expected a number in [-1, 1]"));
    samples[140001] = -std::numeric_limits<float>::infinity();
    CHECK_THAT(refusal(write_audio(folder, spec, samples)), Contains("sample -inf in frame 70000"));
    samples[140001] = 12000;
    CHECK_THAT(refusal(write_audio(folder, spec, samples)),
               Contains("sample 12000 in frame 70000"));
    CHECK(decode_audio(write_audio(folder, spec, samples), {.max_duration_s = 3}).frames == 66150);
  }
}

TEST_CASE("ten hours: refused beyond a limit, and its beginning costs no more than that") {
  const TempFolder folder;
  constexpr std::uint32_t kBytes = 10U * 3600 * 8000;
  const std::string path = folder.write("long.wav", wav_header(kBytes, 8000, 1, 8));
  fs::resize_file(path, 44 + std::uintmax_t{kBytes});  // a hole: no space on the disk
  CHECK(probe_audio(path).frames == kBytes);
  CHECK_THAT(refusal(path, {.max_values = 100000000}),
             Contains(path) && Contains("found 288000000 frames (36000 s) or more") &&
                 Contains("expected at most 100000000"));
  const Pcm pcm = decode_audio(path, {.max_duration_s = 29, .max_values = 1000000});
  CHECK(pcm.frames == 29 * 8000);
  CHECK(pcm.values.capacity() < 1000000);
}

TEST_CASE("the limit also holds where the header does not say how long the file is") {
  const TempFolder folder;
  const FileSpec spec = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000};
  std::string bytes = bytes_of(write_audio(folder, spec, steps(5000, 1)));
  bytes.replace(22, 4, number(0));
  const std::string path = folder.write("unknown.flac", bytes);
  CHECK(probe_audio(path).frames == 5000);  // its last frame tells
  CHECK(decode_audio(path).frames == 5000);
  CHECK_THAT(refusal(path, {.max_values = 4999}), Contains("expected at most 4999 in 1 channels"));
}

}  // namespace
}  // namespace musicrep

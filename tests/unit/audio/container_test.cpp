// Containers: sizes that were not known, tags in front, what libsndfile reads beside wav, a second
// stream behind the first.
#include "audio/container.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio_testing.h"
#include "core/folder_walk.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Contains;

std::string number(std::uint64_t value, std::size_t bytes = 4, bool big_endian = false) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> 8 * (big_endian ? bytes - 1 - i : i) & 0xFFU);
  }
  return out;
}

std::string refusal(const std::string& path) {
  return message_of<DataError>([&] { decode_audio(path); });
}

/// The bytes of a wav of 16 bits with its size of samples (and RIFF's) replaced.
std::string with_size(std::string wav, std::uint32_t size) {
  const std::size_t at = wav.find("data");
  wav.replace(at + 4, 4, number(size));
  wav.replace(4, 4, number(size + 36));
  return wav;
}

const std::string kId3 = std::string("ID3\x03\0\0\0\0\0\x14", 10) + std::string(20, 'x');

TEST_CASE("wav: sizes that a pipe leaves are read to the end of the file") {
  const TempFolder folder;
  for (const std::size_t channels : {1U, 3U}) {
    const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, channels};
    const std::string path = write_audio(folder, spec, steps(40000, channels));
    const std::string wav = bytes_of(path);
    const std::vector<float> expected = decode_audio(path).values;
    const auto held = static_cast<std::uint32_t>(40000 * channels * 2);
    for (const std::uint32_t size :
         {0x7FFFF000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0U, held + 16, held + 44}) {
      CAPTURE(channels, size);
      CHECK(decode_audio(folder.write("piped.wav", with_size(wav, size))).values == expected);
      // A recorder that was killed in the middle of a sample.
      if (size != 0x80000000U) continue;
      const std::string cut = with_size(wav, size).substr(0, wav.size() - 1);
      CHECK(decode_audio(folder.write("killed.wav", cut)).frames == 39999);
    }
  }
}

TEST_CASE("wav: what is truncated stays an error") {
  const TempFolder folder;
  const std::string wav = bytes_of(write_audio(folder, {}, steps(500000, 1)));
  CHECK_THAT(refusal(folder.write("cut.wav", with_size(wav, 3000000))),
             Contains("promises 3000000 bytes of samples, found 1000000"));
  CHECK_THAT(refusal(folder.write("cut.wav", with_size(wav, 1000000 + 200))),
             Contains("promises 1000200 bytes of samples, found 1000000"));
  CHECK_THAT(refusal(folder.write("cut.wav", wav.substr(0, wav.size() - 1))),
             Contains("truncated"));
  // Nothing but chunks behind a size of 0: it is empty.
  const std::string empty = with_size(wav, 0).substr(0, wav.find("data") + 8);
  CHECK_THAT(refusal(folder.write("empty.wav", empty + "LIST" + number(4) + "INFO")),
             Contains("zero length"));
}

TEST_CASE("wav: chunks in front and behind, with and without their padding byte") {
  const TempFolder folder;
  const std::string path = write_audio(folder, {}, steps(5000, 1));
  const std::vector<float> expected = decode_audio(path).values;
  const std::string wav = bytes_of(path);
  const std::size_t at = wav.find("data");
  const auto with = [&](const std::string& before, const std::string& after) {
    const std::string body = wav.substr(8, at - 8) + before + wav.substr(at) + after;
    return folder.write("chunks.wav", "RIFF" + number(body.size()) + body);
  };
  const auto chunk = [](const std::string& id, std::size_t n) {
    return id + number(n) + std::string(n, '\0');
  };
  CHECK(decode_audio(with(chunk("LIST", 393164), "")).values == expected);
  CHECK(decode_audio(with(chunk("JUNK", 28) + chunk("bext", 602), "")).values == expected);
  CHECK(decode_audio(with(chunk("LIST", 27) + std::string(1, '\0'), "")).values == expected);
  CHECK(decode_audio(with(chunk("LIST", 27), "")).values == expected);
  CHECK(decode_audio(with(chunk("LIST", 27) + chunk("JUNK", 5), "")).values == expected);
  CHECK(decode_audio(with("", chunk("LIST", 26))).values == expected);
  CHECK(decode_audio(with("", kId3 + std::string(60000, 'x'))).values == expected);
  CHECK_THAT(refusal(with("", std::string(70000, '\x88'))),
             Contains("found 70000 bytes after it that are not a chunk"));
  CHECK(decode_audio(with("", "\xFF\xFE and garbage")).values == expected);
  CHECK_THAT(refusal(with("", chunk("LIST", 26) + chunk("data", 500))),
             Contains("a second chunk of samples begins at byte"));
  const std::string twice = folder.write("twice.wav", wav + wav);
  CHECK_THAT(refusal(twice),
             Contains("a second file begins at byte " + std::to_string(wav.size())));
}

TEST_CASE("what else libsndfile reads, with a tag in front or without, is exact") {
  const TempFolder folder;
  const FileSpec wav = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2};
  const std::vector<float> samples = steps(20000, 2);
  const std::vector<float> expected = decode_audio(write_audio(folder, wav, samples)).values;
  const FileSpec kinds[] = {
      {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 44100, 2},
      {"aifc", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, 44100, 2},
      {"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 44100, 2},
      {"w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 44100, 2},
      {"wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 44100, 2},
      {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2},
      {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, 44100, 2},
      {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16, 44100, 2},
      {"sph", SF_FORMAT_NIST | SF_FORMAT_PCM_16, 44100, 2},
      {"avr", SF_FORMAT_AVR | SF_FORMAT_PCM_16, 44100, 2},
      {"paf", SF_FORMAT_PAF | SF_FORMAT_PCM_16, 44100, 2},
      {"pvf", SF_FORMAT_PVF | SF_FORMAT_PCM_16, 44100, 2},
      {"sf", SF_FORMAT_IRCAM | SF_FORMAT_PCM_16, 44100, 2},
      {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100, 2}};
  for (const FileSpec& spec : kinds) {
    CAPTURE(spec.extension, spec.format);
    const std::string path = write_audio(folder, spec, samples, "kind");
    CHECK(decode_audio(path).values == expected);
    CHECK(probe_audio(path).reading.empty());
    CHECK(has_audio_ending(path));
    const std::string bytes = bytes_of(path);
    CHECK(decode_audio(folder.write("tagged.x", kId3 + kId3 + bytes)).values == expected);
  }
  // Sizes that a pipe leaves in the others.
  const std::string w64 = bytes_of(write_audio(folder, kinds[3], samples));
  std::string piped = w64;
  piped.replace(piped.find("data") + 16, 8, std::string(8, '\xFF'));
  CHECK(decode_audio(folder.write("piped.w64", piped)).values == expected);
  const std::string caf = bytes_of(write_audio(folder, kinds[2], samples));
  piped = caf;
  piped.replace(piped.find("data") + 4, 8, std::string(8, '\xFF'));
  CHECK(decode_audio(folder.write("piped.caf", piped)).values == expected);
  const std::string aiff = bytes_of(write_audio(folder, kinds[0], samples));
  piped = aiff;
  piped.replace(piped.find("SSND") + 4, 4, number(0x7F000008, 4, true));
  piped.replace(piped.find("COMM") + 10, 4, number(0x1FC00000, 4, true));
  CHECK(decode_audio(folder.write("piped.aiff", piped)).values == expected);
  const std::string nist = bytes_of(write_audio(folder, kinds[8], samples));
  const std::string avr = bytes_of(write_audio(folder, kinds[9], samples));
  for (const std::string& whole : {w64, caf, aiff, nist, avr}) {
    CHECK_THAT(refusal(folder.write("cut.x", whole.substr(0, whole.size() / 2))),
               Contains("truncated: its ") && Contains("bytes") && Contains("found"));
  }
}

TEST_CASE("flac: its length is reported by its last frame where the header does not know it") {
  const TempFolder folder;
  const FileSpec spec = {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000};
  for (const std::size_t n : {1U, 700U, 5000U, 100000U}) {
    CAPTURE(n);
    std::string bytes = bytes_of(write_audio(folder, spec, sine(n, 300, 8000)));
    bytes.replace(22, 4, number(0));
    CHECK(probe_audio(folder.write("piped.flac", bytes)).frames == n);
    CHECK(decode_audio(folder.write("piped.flac", bytes)).frames == n);
    const std::string id3v1 = "TAG" + std::string(125, 't');
    CHECK(decode_audio(folder.write("tag.flac", kId3 + bytes + id3v1)).frames == n);
    CHECK_THAT(refusal(folder.write("cut.flac", bytes.substr(0, bytes.size() - 1))),
               Contains("truncated"));
    CHECK_THAT(refusal(folder.write("two.flac", bytes + bytes)),
               Contains("a second FLAC stream begins at byte " + std::to_string(bytes.size())));
  }
}

TEST_CASE("ogg: chained streams and damage are reported with their byte") {
  const TempFolder folder;
  for (const int coding : {SF_FORMAT_VORBIS, SF_FORMAT_OPUS}) {
    CAPTURE(coding);
    const FileSpec spec = {"ogg", SF_FORMAT_OGG | coding, 48000};
    const std::string path = write_audio(folder, spec, sine(96000, 300, 48000));
    const std::string ogg = bytes_of(path);
    CHECK(decode_audio(path).frames == 96000);
    CHECK(decode_audio(folder.write("tag.ogg", kId3 + ogg)).frames == 96000);
    const std::string at = " at byte " + std::to_string(ogg.size());
    CHECK_THAT(refusal(folder.write("two.ogg", ogg + ogg)), Contains("second") && Contains(at));
    std::string hole = ogg;
    const std::size_t third = ogg.find("OggS", ogg.find("OggS", 1) + 1);
    hole.replace(third, 4, "XXXX");
    CHECK_THAT(refusal(folder.write("hole.ogg", hole)),
               Contains("damaged at byte " + std::to_string(third)) || Contains("truncated"));
    CHECK_THAT(refusal(folder.write("cut.ogg", ogg.substr(0, ogg.size() - 1))),
               Contains("truncated"));
  }
}

TEST_CASE("names of audio, upper or lower case") {
  for (const char* name : {"a.wav", "a.WAV", "x/b.Flac", "c.mp3", "d.M4A", "e.opus", "f.aif"}) {
    CHECK(has_audio_ending(name));
  }
  for (const char* name : {".DS_Store", "a.csv", "cover.jpg", "wav", "a.wav.txt", ""}) {
    CHECK_FALSE(has_audio_ending(name));
  }
  CHECK(has_ffmpeg_ending("a.WMA"));
  CHECK_FALSE(has_ffmpeg_ending("a.ogg"));
}

TEST_CASE("folders are searched for every ending that can be read") {
  for (const auto* endings : {&native_audio_endings(), &ffmpeg_audio_endings()}) {
    for (const std::string_view ending : *endings) {
      CAPTURE(ending);
      CHECK(audio_rank("x" + std::string(ending)).has_value());
    }
  }
}

}  // namespace
}  // namespace musicrep

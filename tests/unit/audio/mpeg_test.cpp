// MPEG audio: every frame of a file is decoded, whatever stands in front, between and behind.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio/mpeg_frames.h"
#include "audio/mpeg_header.h"
#include "audio_testing.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Contains;

/// [frames] of noise that is loud for a tenth of the time, then soft: the bit rate of the beginning
/// says nothing of the rest.
std::vector<float> loud_then_soft(std::size_t frames) {
  Random random(3);
  std::vector<float> out(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    out[i] = static_cast<float>((random.uniform() - 0.5) * (i < frames / 10 ? 0.9 : 0.01));
  }
  return out;
}

/// A layer III file of libsndfile (LAME), whose first frame is LAME's tag.
std::string mp3(const TempFolder& folder, const std::vector<float>& samples, int rate_hz = 44100,
                int channels = 1, int mode = SF_BITRATE_MODE_CONSTANT) {
  const std::string path = (folder.path() / "made.mp3").string();
  SF_INFO info = {0, rate_hz, channels, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  sf_command(file, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
  REQUIRE(sf_command(file, SFC_GET_BITRATE_MODE, nullptr, 0) == mode);
  sf_writef_float(file, samples.data(), static_cast<sf_count_t>(samples.size()) / channels);
  sf_close(file);
  return bytes_of(path);
}

std::size_t first_frame_bytes(const std::string& file) {
  return parse_mpeg_header(std::string_view(file).substr(0, 4)).value().bytes;
}

std::string without_tag(const std::string& file) { return file.substr(first_frame_bytes(file)); }

/// Frames from the beginning of a file without any tag.
std::size_t count_frames(const std::string& file) {
  std::size_t n = 0;
  for (std::size_t at = 0; at + 4 <= file.size(); ++n) {
    at += parse_mpeg_header(std::string_view(file).substr(at, 4)).value().bytes;
  }
  return n;
}

std::string id3v2(std::size_t letters) {
  const std::size_t n = letters + 11;
  std::string size;
  for (int shift = 21; shift >= 0; shift -= 7) size += static_cast<char>(n >> shift & 0x7F);
  std::string frame = "TIT2";
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>((letters + 1) >> shift);
  return std::string("ID3\x03\0\0", 6) + size + frame + std::string(3, '\0') +
         std::string(letters, 'x');
}

std::string ape(const std::string& items, std::uint32_t flags) {
  std::string head = "APETAGEX" + std::string("\xD0\x07\0\0", 4);
  const std::uint32_t fields[] = {static_cast<std::uint32_t>(items.size() + 32), 0, flags};
  for (const std::uint32_t field : fields) {
    for (int i = 0; i < 4; ++i) head += static_cast<char>(field >> 8 * i & 0xFF);
  }
  return head + std::string(8, '\0');
}

TEST_CASE("mpeg: a variable bit rate without a tag is decoded whole") {
  const TempFolder folder;
  const std::string tagged =
      mp3(folder, loud_then_soft(441000), 44100, 1, SF_BITRATE_MODE_VARIABLE);
  const std::string bare = without_tag(tagged);
  const std::string path = folder.write("bare.mp3", bare);
  const std::size_t frames = count_frames(bare) * 1152;
  CHECK(frames >= 441000);
  CHECK(probe_audio(path).frames == frames);
  CHECK(probe_audio(path).reading == "MPEG frames counted");
  const Pcm pcm = decode_audio(path);
  REQUIRE(pcm.frames == frames);
  // With the tag: the same samples, less what LAME added at both ends.
  const std::string whole = folder.write("tagged.mp3", tagged);
  CHECK(probe_audio(whole).reading.empty());
  const Pcm trimmed = decode_audio(whole);
  REQUIRE(trimmed.frames == 441000);
  CHECK(std::search(pcm.values.begin(), pcm.values.end(), trimmed.values.begin(),
                    trimmed.values.end()) != pcm.values.end());
}

TEST_CASE("mpeg: what libsndfile gives of a tagged file, bit for bit") {
  const TempFolder folder;
  for (const int channels : {1, 2}) {
    for (const int rate_hz : {8000, 16000, 22050, 44100, 48000}) {
      for (const int mode :
           {SF_BITRATE_MODE_CONSTANT, SF_BITRATE_MODE_AVERAGE, SF_BITRATE_MODE_VARIABLE}) {
        CAPTURE(channels, rate_hz, mode);
        const std::string path =
            folder.write("a.mp3", mp3(folder, loud_then_soft(30000), rate_hz, channels, mode));
        SF_INFO info = {};
        SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
        REQUIRE(file != nullptr);
        std::vector<float> expected(static_cast<std::size_t>(info.frames * info.channels));
        // It promises a little more where the tag trims less than the decoder is late by.
        const sf_count_t n = sf_readf_float(file, expected.data(), info.frames);
        sf_close(file);
        expected.resize(static_cast<std::size_t>(n * info.channels));
        const Pcm pcm = decode_audio(path);
        REQUIRE(pcm.frames == static_cast<std::size_t>(n));
        std::vector<float> found;
        for (std::size_t i = 0; i < pcm.frames; ++i) {
          for (std::size_t c = 0; c < pcm.channels; ++c) found.push_back(pcm.channel(c)[i]);
        }
        CHECK(found == expected);
      }
    }
  }
}

TEST_CASE("mpeg: tags, zeros and junk in front and behind move no sample") {
  const TempFolder folder;
  const std::string plain = mp3(folder, sine(30000, 500, 22050), 22050);
  const std::vector<float> expected = decode_audio(folder.write("plain.mp3", plain)).values;
  const std::string fronts[] = {
      std::string(1024, '\0'),
      "\n",
      id3v2(30) + "    ",
      id3v2(30) + std::string(100000, '\0'),
      id3v2(30) + id3v2(60000),
      ape("", 0xA0000000),  // its footer was forgotten
      ape("items", 0xA0000000) + "items" + ape("items", 0x80000000),
      "\xFF\xFB junk \xFF\xF3",
  };
  for (const std::string& front : fronts) {
    CAPTURE(front.substr(0, 40));
    CHECK(decode_audio(folder.write("front.mp3", front + plain)).values == expected);
  }
  const std::string id3v1 = "TAG" + std::string(125, 't');
  for (const std::string& back :
       {id3v1, ape("items", 0xA0000000) + "items" + ape("items", 0x80000000) + id3v1,
        "LYRICSBEGININD00002" + std::string("10") + "000021LYRICS200" + id3v1,
        std::string(2000, '\0'), std::string("a few letters")}) {
    CAPTURE(back.substr(0, 40));
    CHECK(decode_audio(folder.write("back.mp3", plain + back)).values == expected);
  }
}

TEST_CASE("mpeg: a second stream of the same kind is decoded, too") {
  const TempFolder folder;
  const std::string first = mp3(folder, sine(30000, 500, 44100));
  const std::string second = mp3(folder, sine(50000, 900, 44100));
  const std::vector<float> a = decode_audio(folder.write("a.mp3", first)).values;
  const std::vector<float> b = decode_audio(folder.write("b.mp3", second)).values;
  std::vector<float> both = a;
  both.insert(both.end(), b.begin(), b.end());
  CHECK(decode_audio(folder.write("ab.mp3", first + second)).values == both);
  const std::string tagged = first + "TAG" + std::string(125, 't') + id3v2(500) + second;
  CHECK(decode_audio(folder.write("tags.mp3", tagged)).values == both);
  // Without a tag of its own it looks the same as a tag that counts too few.
  const std::string bare = without_tag(first) + without_tag(second);
  CHECK(decode_audio(folder.write("bare.mp3", bare)).frames == count_frames(bare) * 1152);
  const std::string half = first + without_tag(second);
  CHECK(decode_audio(folder.write("half.mp3", half)).frames == (count_frames(half) - 1) * 1152);
}

TEST_CASE("mpeg: a second stream of another kind is refused with its byte") {
  const TempFolder folder;
  const std::string first = mp3(folder, sine(30000, 500, 44100));
  const std::string slow = mp3(folder, sine(30000, 500, 22050), 22050);
  const std::string stereo = mp3(folder, loud_then_soft(60000), 44100, 2);
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = folder.write("two.mp3", bytes);
    return message_of<DataError>([&] { decode_audio(path, {.max_duration_s = 0.1}); });
  };
  const std::string at = "at byte " + std::to_string(first.size());
  CHECK_THAT(refusal(first + slow), Contains("two.mp3") && Contains(at) &&
                                        Contains("found 22050 Hz and 1 channels, expected 44100"));
  CHECK_THAT(refusal(first + without_tag(slow)), Contains(at));
  CHECK_THAT(refusal(first + stereo), Contains(at) && Contains("2 channels, expected 44100 Hz"));
  CHECK_THAT(refusal(without_tag(first) + without_tag(stereo)),
             Contains("at byte " + std::to_string(without_tag(first).size())));
}

TEST_CASE("mpeg: damage is reported with its byte, a tag that promises more as truncation") {
  const TempFolder folder;
  const std::string whole = mp3(folder, loud_then_soft(100000));
  const std::string bare = without_tag(whole);
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = folder.write("bad.mp3", bytes);
    return message_of<DataError>([&] { decode_audio(path); });
  };
  const std::size_t frame = first_frame_bytes(bare);
  std::string hole = bare;
  std::fill_n(hole.begin() + 20 * static_cast<std::ptrdiff_t>(frame), 5000, 'x');
  CHECK_THAT(refusal(hole), Contains("damaged at byte") && Contains("not MPEG frames"));
  CHECK_THAT(refusal(bare.substr(0, 10 * frame) + std::string(9000, 'x')),
             Contains("bytes that are not MPEG frames up to the end"));
  CHECK_THAT(refusal(whole.substr(0, whole.size() / 2)), Contains("truncated: its mp3 header"));
  // A last frame that is cut off is what a radio stream ends with.
  const std::size_t frames = count_frames(bare);
  const Pcm cut = decode_audio(folder.write("cut.mp3", bare.substr(0, bare.size() - 50)));
  CHECK(cut.frames >= (frames - 1) * 1152);
  CHECK(cut.frames <= frames * 1152);
}

TEST_CASE("mpeg: Fraunhofer's tag is no music, and may not promise more than is there") {
  const TempFolder folder;
  const std::string bare = without_tag(mp3(folder, sine(60000, 500, 44100)));
  const std::vector<float> expected = decode_audio(folder.write("bare.mp3", bare)).values;
  const auto with = [&](std::size_t frames, std::size_t bytes) {
    std::string tag = bare.substr(0, first_frame_bytes(bare));
    std::fill(tag.begin() + 4, tag.end(), '\0');
    tag.replace(36, 4, "VBRI");
    for (std::size_t i = 0; i < 4; ++i) {
      tag[46 + i] = static_cast<char>(bytes >> 8 * (3 - i) & 0xFF);
      tag[50 + i] = static_cast<char>(frames >> 8 * (3 - i) & 0xFF);
    }
    return folder.write("vbri.mp3", tag + bare);
  };
  const std::size_t n = count_frames(bare);
  CHECK(decode_audio(with(n, bare.size())).values == expected);
  const std::string more = with(n + 10, bare.size());
  CHECK_THAT(message_of<DataError>([&] { decode_audio(more); }),
             Contains("MPEG frames, found " + std::to_string(n)));
  const std::string longer = with(n, 2 * bare.size());
  CHECK_THAT(message_of<DataError>([&] { decode_audio(longer); }), Contains("truncated"));
}

TEST_CASE("mpeg: layers I and II") {
  const TempFolder folder;
  // Frames of silence by hand: all bit allocations are 0. 44100 Hz, mono, layer I at 128 kbit/s
  // (12 * 128000 / 44100 = 34 slots of 4 bytes), layer II at 64 kbit/s (208 bytes).
  const std::string one = std::string("\xFF\xFF\x40\xC0", 4) + std::string(34 * 4 - 4, '\0');
  const std::string two = std::string("\xFF\xFD\x40\xC0", 4) + std::string(208 - 4, '\0');
  std::string first;
  std::string second;
  for (int i = 0; i < 50; ++i) {
    first += one;
    second += two;
  }
  const Pcm layer1 = decode_audio(folder.write("a.mp1", first));
  CHECK(layer1.frames == 50 * 384);
  CHECK(probe_audio((folder.path() / "a.mp1").string()).format == "MPEG-1/2 Audio, MPEG Layer I");
  const Pcm layer2 = decode_audio(folder.write("a.mp2", second));
  CHECK(layer2.frames == 50 * 1152);
  CHECK(layer2.sample_rate_hz == 44100);
}

TEST_CASE("mpeg: nothing is written on the terminal, whatever the file") {
  const TempFolder folder;
  const std::string whole = mp3(folder, loud_then_soft(30000));
  const std::string log = folder.write("log", "");
  const int kept = ::dup(STDERR_FILENO);
  const int file = ::open(log.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  REQUIRE(::dup2(file, STDERR_FILENO) >= 0);
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    std::string bytes = i % 2 == 0 ? whole : without_tag(whole);
    for (int k = 0; k < 5; ++k) {
      bytes[static_cast<std::size_t>(random.uniform() * static_cast<double>(bytes.size() - 1))] =
          static_cast<char>(random.uniform() * 256);
    }
    try {
      decode_audio(folder.write("damaged.mp3", bytes));
    } catch (const DataError&) {
    }
  }
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(file);
  CHECK(bytes_of(log).empty());
}

TEST_CASE("mpeg: headers") {
  const auto header = [](const char* bytes) {
    return parse_mpeg_header(std::string_view(bytes, 4));
  };
  const MpegHeader h = header("\xFF\xFB\x90\x64").value();  // 128 kbit/s, 44100 Hz, joint stereo
  CHECK(h.layer == 3);
  CHECK(h.rate_hz == 44100);
  CHECK(h.channels == 2);
  CHECK(h.bytes == 417);
  CHECK(h.samples == 1152);
  CHECK(header("\xFF\xE3\x18\xC4").value().rate_hz == 8000);  // MPEG 2.5
  CHECK(header("\xFF\xE3\x18\xC4").value().samples == 576);
  CHECK(header("\xFF\xFA\x90\x64").value().has_crc);
  CHECK_FALSE(header("\xFF\xFB\xF0\x64"));  // no such bit rate
  CHECK_FALSE(header("\xFF\xFB\x9C\x64"));  // no such sample rate
  CHECK_FALSE(header("\xFF\xEB\x90\x64"));  // no such version
  CHECK_FALSE(header("\xFF\xF1\x90\x64"));  // no layer: AAC
}

}  // namespace
}  // namespace musicrep

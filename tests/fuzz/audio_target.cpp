// The audio front door: every container that is let in.
#include <sndfile.h>

#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "audio/decode.h"
#include "audio/examine.h"
#include "audio/mpeg_header.h"
#include "fuzz.h"

namespace musicrep::fuzz {
namespace {

// Without ffmpeg: it is another program, and its readers are not ours.
void decode(const std::string& bytes) {
  ::setenv("PATH", "/nonexistent", 1);
  const auto path = input_file("input.wav", bytes);
  static_cast<void>(examine_audio(path));
  static_cast<void>(decode_audio(path, {.channels = 1, .max_duration_s = 1}));
}

std::string encoded(int format, int channels, int rate_hz = 22050) {
  const auto path = folder() / "seed.audio";
  SF_INFO info = {0, rate_hz, channels, format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  std::vector<float> samples(1200);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(0.5 * std::sin(0.05 * static_cast<double>(i)));
  }
  sf_writef_float(file, samples.data(), static_cast<sf_count_t>(samples.size()) / channels);
  sf_close(file);
  return written_file("seed.audio");
}

std::vector<std::string> wavs() {
  return {encoded(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1),
          encoded(SF_FORMAT_WAVEX | SF_FORMAT_FLOAT, 2),
          encoded(SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 1),
          encoded(SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 1),
          encoded(SF_FORMAT_AU | SF_FORMAT_PCM_16, 1),
          encoded(SF_FORMAT_AU | SF_FORMAT_ULAW, 2)};
}
std::vector<std::string> flacs() { return {encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2)}; }
std::vector<std::string> others() {
  return {
      encoded(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1), encoded(SF_FORMAT_AIFF | SF_FORMAT_ULAW, 2),
      encoded(SF_FORMAT_CAF | SF_FORMAT_PCM_24, 1),  encoded(SF_FORMAT_W64 | SF_FORMAT_PCM_16, 2),
      encoded(SF_FORMAT_NIST | SF_FORMAT_PCM_16, 1), encoded(SF_FORMAT_AVR | SF_FORMAT_PCM_16, 1),
      encoded(SF_FORMAT_SVX | SF_FORMAT_PCM_16, 1)};
}
std::vector<std::string> oggs() {
  return {encoded(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1),
          encoded(SF_FORMAT_OGG | SF_FORMAT_OPUS, 1, 48000)};
}
/// With a tag and without, two in one file, behind tags of other kinds, and layers I and II.
std::vector<std::string> mp3s() {
  const std::string tagged = encoded(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 1);
  const std::string bare = tagged.substr(parse_mpeg_header(tagged).value().bytes);
  const std::string id3 = std::string("ID3\x03\0\0\0\0\0\x04", 10) + "tags";
  const std::string id3v1 = "TAG" + std::string(125, 't');
  const std::string ape = "APETAGEX\xD0\x07" + std::string(2, '\0') + '\x20' +
                          std::string(10, '\0') + '\xA0' + std::string(8, '\0');
  std::string layers;
  for (int i = 0; i < 4; ++i) {
    layers += std::string("\xFF\xFF\x40\xC0", 4) + std::string(132, '\0');
  }
  for (int i = 0; i < 4; ++i) {
    layers += std::string("\xFF\xFD\x40\xC0", 4) + std::string(204, '\0');
  }
  return {tagged,
          bare,
          tagged + bare,
          id3 + std::string(50, '\0') + tagged + id3v1 + id3 + tagged,
          ape + bare + ape + id3v1,
          layers};
}

const Registration wav({"audio_wav", decode, wavs});
const Registration flac({"audio_flac", decode, flacs});
const Registration ogg({"audio_ogg", decode, oggs});
const Registration mp3({"audio_mp3", decode, mp3s});
const Registration chunks({"audio_other", decode, others});

}  // namespace
}  // namespace musicrep::fuzz

// The audio front door: every format of libsndfile that is let in.
#include <sndfile.h>

#include <cmath>
#include <stdexcept>

#include "audio/decode.h"
#include "audio/examine.h"
#include "fuzz.h"

namespace musicrep::fuzz {
namespace {

void decode(const std::string& bytes) {
  const auto path = input_file("input.wav", bytes);
  static_cast<void>(examine_audio(path));
  static_cast<void>(decode_audio(path, {.channels = 1, .max_duration_s = 1}));
}

std::string encoded(int format, int channels) {
  const auto path = folder() / "seed.audio";
  SF_INFO info = {0, 22050, channels, format, 0, 0};
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
std::vector<std::string> oggs() { return {encoded(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1)}; }
std::vector<std::string> mp3s() { return {encoded(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 1)}; }

const Registration wav({"audio_wav", decode, wavs});
const Registration flac({"audio_flac", decode, flacs});
const Registration ogg({"audio_ogg", decode, oggs});
const Registration mp3({"audio_mp3", decode, mp3s});

}  // namespace
}  // namespace musicrep::fuzz

// MFCC from files, end to end, against NumPy and SciPy (make_fixture.py).
#include <sndfile.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audio/load.h"
#include "mfcc/mfcc.h"
#include "oracle/audio/signals.h"
#include "test_files.h"

namespace musicrep {
namespace {

std::string write(const TempFolder& folder, const std::string& extension, int format, int rate_hz,
                  const std::vector<std::int16_t>& samples) {
  std::string path = (folder.path() / ("clip." + extension)).string();
  SF_INFO info = {0, rate_hz, 1, format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  sf_command(file, SFC_SET_SCALE_INT_FLOAT_WRITE, nullptr, SF_TRUE);
  const auto n = static_cast<sf_count_t>(samples.size());
  CHECK(sf_writef_short(file, samples.data(), n) == n);
  sf_close(file);
  return path;
}

double worst_difference(const std::string& path, const std::vector<double>& expected) {
  const Pcm pcm = load_audio(path, Mfcc::static_info());
  CHECK(pcm.sample_rate_hz == 12000);
  const Signal signal = {path, pcm.values, pcm.channels, pcm.frames};
  const Matrix vector = Mfcc({}).encode({&signal, 1})[0];
  REQUIRE(vector.rows() == 1);
  REQUIRE(vector.cols() == 120);
  double worst = 0;
  for (std::size_t i = 0; i < 120; ++i) {
    worst = std::max(worst, std::abs(vector.at(0, i) - expected[i]));
  }
  return worst;
}

TEST_CASE("MFCC agrees on all 120 dimensions, for all rates and lossless formats") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/mfcc/fixture.json");
  const nlohmann::json cases = nlohmann::json::parse(in);
  REQUIRE(cases.size() == 10);
  const TempFolder folder;
  for (const nlohmann::json& c : cases) {
    const int rate_hz = c["rate"];
    const std::vector<std::int16_t> samples = music(c["n"], rate_hz);
    const std::vector<double> expected = c["mfcc"];
    const std::pair<std::string, int> formats[] = {
        {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16}, {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
        {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32}, {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
        {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16},   {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16}};
    for (const auto& [extension, format] : formats) {
      CAPTURE(rate_hz, extension, format);
      CHECK(worst_difference(write(folder, extension, format, rate_hz, samples), expected) < 1e-3);
    }
  }
}

}  // namespace
}  // namespace musicrep

// A made corpus for tests of MTLMR.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "mtlmr/mtlmr.h"
#include "musicrep/error.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// Options of mtlmr with what a test says otherwise.
inline Options options_with(const Options& given) {
  const EncoderInfo info = Mtlmr::static_info();
  return complete_options("mtlmr", info.options, given);
}

/// Stereo, 22050 Hz: a tone and a little noise.
inline std::vector<float> tone(double hz, double seconds, std::uint64_t seed) {
  Random random(seed);
  const auto n = static_cast<std::size_t>(22050 * seconds);
  std::vector<float> out(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = 0.3 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 22050);
    out[i] = static_cast<float>(x + 0.02 * random.normal());
    out[n + i] = static_cast<float>(0.5 * x + 0.02 * random.normal());
  }
  return out;
}

/// `n` clips of `seconds`: every fourth is for validation, the last for test. Low tones (even
/// items) are slow, of tag "low"; high ones fast, of tag "high". Three artists a split. The item of
/// the split "test" cannot be loaded.
inline TrainingCorpus made_corpus(std::size_t n, double seconds) {
  TrainingCorpus corpus;
  corpus.name = "made";
  corpus.about = "made by a test";
  corpus.sha256 = "0123";
  corpus.tags = {{"/low", "Low", "genre", {}}, {"/high", "High", "mood", {}}};
  for (std::size_t i = 0; i < n; ++i) {
    const bool valid = i % 4 == 3;
    corpus.ids.push_back("clip " + std::to_string(i));
    corpus.splits.emplace_back(i + 1 == n ? "test" : valid ? "valid" : "train");
    corpus.groups.push_back((valid ? "v" : "t") + std::to_string(i % 3));
    for (std::size_t t = 0; t < 2; ++t) {
      corpus.tags[t].present.push_back(static_cast<std::uint8_t>(i % 2 == t ? 1 : 0));
    }
    const auto place = static_cast<double>(i);
    corpus.numbers["tempo_bpm"].push_back((i % 2 == 0 ? 80 : 160) + place);
    corpus.numbers["valence"].push_back(std::sin(place));
    corpus.numbers["arousal"].push_back(i % 2 == 0 ? -1 : 1);
  }
  corpus.load = [n, seconds](std::size_t i) -> LoadedSignal {
    if (i + 1 == n) throw DataError("an item of the split 'test' was asked for");
    const std::vector<float> samples = tone(i % 2 == 0 ? 220 : 1760, seconds, i);
    return {samples, 2, samples.size() / 2};
  };
  return corpus;
}

}  // namespace musicrep

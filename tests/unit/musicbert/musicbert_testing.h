// Networks and batches small enough for tests.
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "musicbert/musicbert_net.h"
#include "nn/random.h"

namespace musicrep {

inline MusicbertConfig tiny_musicbert() {
  MusicbertConfig config;
  config.width = 32;
  config.layers = 2;
  config.heads = 4;
  config.ffn = 64;
  config.vocabulary = 20;
  config.max_words = 6;
  config.max_frames = 12;
  return config;
}

inline MusicbertNet made_musicbert(const MusicbertConfig& config, std::uint64_t seed = 1) {
  torch::Generator generator = make_generator(seed);
  MusicbertNet net(config);
  initialise_truncated_normal(*net, generator);
  return net;
}

/// Clips of those numbers of words and frames, all random.
inline MusicbertBatch made_batch(const std::vector<std::int64_t>& words,
                                 const std::vector<std::int64_t>& frames, std::uint64_t seed = 2) {
  torch::Generator generator = make_generator(seed);
  const auto n = static_cast<std::int64_t>(frames.size());
  const std::int64_t longest_text = *std::max_element(words.begin(), words.end());
  const std::int64_t longest = *std::max_element(frames.begin(), frames.end());
  MusicbertBatch batch;
  batch.words = torch::randint(kFirstWord, 20, {n, longest_text}, generator,
                               torch::TensorOptions(torch::kLong));
  for (std::int64_t i = 0; i < n; ++i) {
    batch.words[i].slice(0, words[static_cast<std::size_t>(i)]).fill_(kPadWord);
  }
  batch.frames = torch::randn({n, longest, kMusicbertFrameWidth}, generator);
  batch.frame_counts = torch::tensor(frames, torch::kLong);
  return batch;
}

}  // namespace musicrep

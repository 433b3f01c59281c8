// Clips in memory, as MusicBERT is trained on them.
#pragma once

#include <torch/torch.h>

#include <span>
#include <string>
#include <vector>

#include "musicbert_net.h"
#include "musicbert_options.h"
#include "musicrep/trainable.h"
#include "vocabulary.h"

namespace musicrep {

/// Throws DataError, naming the item, where `values` are no frames [1 or more, 128] that are all
/// finite.
void check_musicbert_frames(const std::string& id, std::span<const float> values, std::size_t rows,
                            std::size_t cols);

/// Frames, words and labels of some clips: 512 bytes a frame.
class MusicbertClips {
 public:
  /// Loads `items` of the corpus on several threads. `tags` may be empty, and the vocabulary.
  MusicbertClips(const TrainingCorpus& corpus, const std::vector<std::size_t>& items,
                 const std::vector<TrainingTag>& tags, const Vocabulary& vocabulary,
                 std::int64_t max_words);

  [[nodiscard]] std::size_t size() const { return clips_.size(); }
  [[nodiscard]] std::int64_t longest() const;
  /// Frames (at most `max_frames`) and words of each.
  [[nodiscard]] std::vector<std::size_t> lengths(std::int64_t max_frames) const;
  /// Mean and (population) standard deviation of each of a frame's numbers, [128] each.
  [[nodiscard]] std::pair<torch::Tensor, torch::Tensor> scaler() const;
  /// Mean squared deviation of these clips' frames from the mean of those of `train`, in standard
  /// deviations of those.
  [[nodiscard]] double frames_variance(const MusicbertClips& train) const;
  /// Mean of -log of a word's share among the words of `train` (one more of each), over the words
  /// of these clips; 0 where they have none.
  [[nodiscard]] double word_surprise(const MusicbertClips& train) const;
  /// Words of the texts that the vocabulary has not, and words behind the limit.
  [[nodiscard]] std::size_t unknown_words() const { return unknown_words_; }
  [[nodiscard]] std::size_t cut_words() const { return cut_words_; }

  /// Clips padded to the longest among them. Of one with more than `max_frames` a stretch from
  /// anywhere; its beginning, where there is no `generator`, which also draws what is `dropped`.
  [[nodiscard]] MusicbertBatch batch(std::span<const std::size_t> which, std::int64_t max_frames,
                                     torch::Generator* generator,
                                     const Dropped& dropped = {}) const;
  /// Places of the clips that have words, and of the others.
  [[nodiscard]] std::vector<std::size_t> with_words() const;
  [[nodiscard]] std::vector<std::size_t> without_words() const;
  /// Their tags, float 0 or 1, [n, tags].
  [[nodiscard]] torch::Tensor labels(std::span<const std::size_t> which) const;

 private:
  struct Clip {
    torch::Tensor frames;  // [T, 128]
    std::vector<std::int64_t> words;
    std::vector<std::size_t> sentences;  // the first word of each
  };
  /// What is left of a clip's words.
  static std::vector<std::int64_t> some_words(const Clip& clip, const Dropped& dropped,
                                              torch::Generator& generator);
  std::vector<Clip> clips_;
  torch::Tensor labels_;  // uint8 [clips, tags]
  std::size_t unknown_words_ = 0;
  std::size_t cut_words_ = 0;
};

}  // namespace musicrep

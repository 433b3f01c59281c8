// What MusicBERT is trained to do. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "musicbert_net.h"

namespace musicrep {

/// A batch as the network sees it, and the positions that carry loss.
struct MaskedBatch {
  MusicbertBatch input;
  torch::Tensor chosen_frames;  ///< bool [n, T], never padding
  torch::Tensor chosen_words;   ///< bool [n, L], never padding nor an unknown word
};

/// Chooses positions in each clip, `share` of them on average and at least one frame (and one word,
/// of a text with a known one). A random frame comes from another clip (in a batch of one clip the
/// mask stands for it), a random word from the vocabulary. `batch` on the CPU, its frames stay as
/// they are.
MaskedBatch mask_batch(const MusicbertBatch& batch, const Masking& masking, std::int64_t vocabulary,
                       torch::Generator& generator);

/// Mixup (Zhang et al. 2018, eq. 1): every clip's frames, and its labels [n, classes], become
/// l times its own plus 1 - l times those of another clip of the batch, with l from
/// Beta(alpha, alpha) but at least a half, so that its own text and length stay right. The other
/// begins again where it is the shorter. `batch` and `labels` on the CPU.
struct MixedBatch {
  MusicbertBatch input;
  torch::Tensor labels;
};
MixedBatch mix_batch(const MusicbertBatch& batch, const torch::Tensor& labels, double alpha,
                     torch::Generator& generator);

/// What reads the objectives' answers from the network's states.
struct MusicbertHeadsConfig {
  std::int64_t width = 128;
  std::int64_t classes = 0;  ///< of audioset; 0: no such head
  bool mlm = false;
  bool mim = false;
  bool align = false;
  std::int64_t vocabulary = kFirstWord;  ///< mlm
};

/// Heads of the objectives that are in use.
class MusicbertHeadsImpl : public torch::nn::Module {
 public:
  explicit MusicbertHeadsImpl(const MusicbertHeadsConfig& config);
  /// Clips [n, d] to logarithms of odds [n, classes].
  torch::Tensor classes(const torch::Tensor& clips);
  /// States [m, d] to standardised frames [m, 128].
  torch::Tensor frames(const torch::Tensor& states);
  /// States [m, d] to scores [m, words]: the words' own vectors and a bias, as in BERT.
  torch::Tensor words(const torch::Tensor& states, const torch::Tensor& word_vectors);
  /// z' W c / sqrt(128) of each state c [m, d] with each candidate z [N, 128], [m, N] (van den
  /// Oord, Li and Vinyals 2018, eq. 3). The divisor makes all scores small to begin with.
  torch::Tensor matches(const torch::Tensor& states, const torch::Tensor& candidates);
  /// Logarithm of what align's cosines are multiplied with: learned, from 1/0.2 on.
  [[nodiscard]] const torch::Tensor& log_scale() const { return log_scale_; }

 private:
  torch::nn::Linear classes_{nullptr};
  torch::nn::Linear frames_{nullptr};
  torch::Tensor word_bias_;  // [words]
  torch::Tensor match_;      // W, [128, d]
  torch::Tensor log_scale_;  // []
};
TORCH_MODULE(MusicbertHeads);

/// The network with its heads: what is trained and stored.
class MusicbertModelImpl : public torch::nn::Module {
 public:
  MusicbertModelImpl(const MusicbertConfig& net, const MusicbertHeadsConfig& heads);
  MusicbertNet net{nullptr};
  MusicbertHeads heads{nullptr};
};
TORCH_MODULE(MusicbertModel);

/// Scalars; undefined where the objective has no weight, or the batch no position for it.
struct ObjectiveLosses {
  torch::Tensor audioset;    ///< binary cross-entropy, mean over clips and classes
  torch::Tensor mlm_frames;  ///< squared error, mean over chosen frames and their 128 numbers
  torch::Tensor mlm_words;   ///< cross-entropy over the vocabulary, mean over chosen words
  torch::Tensor mim;         ///< -log softmax over `candidates`, mean over masked frames
  std::int64_t candidates = 0;
  torch::Tensor align;     ///< alignment_loss() of the clips that have a text
  std::int64_t pairs = 0;  ///< those clips
  torch::Tensor total;     ///< the weighted sum; those of mlm count alike
};

/// What a batch's losses are of.
struct Objectives {
  ObjectiveWeights weights;
  Masking masking = {};
  bool from_cls = false;  ///< audioset and align read [CLS], not means
};

/// The losses of a batch, as it is to audioset alone, masked to the others (to mim alone, all that
/// is chosen is masked: what can be seen need not be inferred). `batch` and `labels` (0 or 1,
/// [n, classes]; may be undefined where audioset has no weight) on the CPU. Audioset's head reads
/// the mean over frames, or [CLS] (`objectives.from_cls`); align compares that with the mean over
/// words, or [CLS], of passes over frames and words alone.
ObjectiveLosses objective_losses(MusicbertModel& model, const MusicbertBatch& batch,
                                 const torch::Tensor& labels, const Objectives& objectives,
                                 torch::Generator& generator, const MusicbertDropout& dropout = {});

/// Mean of -log softmax(scores)[positive] over the rows of `scores` [m, N]; `positives` int64 [m]
/// (van den Oord, Li and Vinyals 2018, eq. 4).
torch::Tensor info_nce(const torch::Tensor& scores, const torch::Tensor& positives);

/// Symmetric InfoNCE of N texts and N clips (vectors [N, d], row i of both is a pair), as CLIP's
/// (Radford et al. 2021, section 2.3, figure 3): cosines times exp(log_scale), at most 100; mean of
/// the cross-entropies of finding the clip of a text and the text of a clip. Pairs with the same
/// text (`same` bool [N, N]) are no negatives of each other. Undefined where N < 2.
torch::Tensor alignment_loss(const torch::Tensor& texts, const torch::Tensor& music,
                             const torch::Tensor& same, const torch::Tensor& log_scale);

}  // namespace musicrep

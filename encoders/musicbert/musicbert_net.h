// The network of MusicBERT. Torch and the standard library alone.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "attention.h"
#include "musicbert_config.h"

namespace musicrep {

/// Some clips. Positions that a shorter clip does not have may hold anything finite.
struct MusicbertBatch {
  torch::Tensor words;   ///< int64 [n, L], kPadWord behind each text; L may be 0
  torch::Tensor frames;  ///< float [n, T, 128] of the network's embedding space, T <= max_frames
  torch::Tensor frame_counts;   ///< int64 [n], 1 to T
  torch::Tensor masked_frames;  ///< bool [n, T]: the mask vector stands there; undefined: nowhere

  /// Puts the tensors there.
  [[nodiscard]] MusicbertBatch to(torch::Device device) const;
  /// What is no padding, bool [n, T] and [n, L].
  [[nodiscard]] torch::Tensor frames_present() const;
  [[nodiscard]] torch::Tensor words_present() const { return words != kPadWord; }
};

/// Texts (int64 [n, L]) without frames, and frames [n, T, 128] without texts.
MusicbertBatch text_alone(const torch::Tensor& words);
MusicbertBatch music_alone(const torch::Tensor& frames, const torch::Tensor& frame_counts);

/// The output at each position [CLS], L words, [SEP], T frames (P = L + 2 + T).
struct MusicbertOutput {
  std::int64_t n_words = 0;           ///< L
  torch::Tensor present;              ///< bool [n, P]: no padding
  std::vector<torch::Tensor> hidden;  ///< [n, P, d]: the input, then each layer's output
  /// [n, P, d] of each layer: after attention and its sum, before the feed-forward part.
  std::vector<torch::Tensor> after_attention;
  std::vector<torch::Tensor> attention;  ///< [n, heads, P, P] of each layer, where asked for

  [[nodiscard]] const torch::Tensor& last() const { return hidden.back(); }
  /// Of a layer's `state` [n, P, d], what belongs to [CLS] [n, d], words [n, L, d], frames
  /// [n, T, d].
  [[nodiscard]] torch::Tensor cls(const torch::Tensor& state) const { return state.select(1, 0); }
  [[nodiscard]] torch::Tensor words(const torch::Tensor& state) const {
    return state.narrow(1, 1, n_words);
  }
  [[nodiscard]] torch::Tensor frames(const torch::Tensor& state) const {
    return state.slice(1, n_words + 2);
  }
};

/// Sets random elements to zero while training; empty: changes nothing.
using MusicbertDropout = std::function<torch::Tensor(const torch::Tensor&)>;

/// One block: attention and a feed-forward part with GELU, each added to its input.
class MusicbertLayerImpl : public torch::nn::Module {
 public:
  explicit MusicbertLayerImpl(const MusicbertConfig& config);
  /// `x` [n, P, d]; `mask` bool [n, P, P] or undefined (all open). Appends to `out`.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& mask,
                        const MusicbertDropout& dropout, bool keep_attention, MusicbertOutput& out);

 private:
  torch::Tensor attend(const torch::Tensor& x, const torch::Tensor& mask,
                       const MusicbertDropout& dropout, bool keep_attention, MusicbertOutput& out);

  MusicbertConfig config_;
  torch::nn::Linear qkv_{nullptr};
  torch::nn::Linear output_{nullptr};
  torch::nn::LayerNorm attention_norm_{nullptr};
  torch::nn::Linear ffn_in_{nullptr};
  torch::nn::Linear ffn_out_{nullptr};
  torch::nn::LayerNorm ffn_norm_{nullptr};
};
TORCH_MODULE(MusicbertLayer);

/// The shared Transformer of Rossetto and Dalton, "MusicBERT", section 3: words and VGGish frames
/// in one sequence, [CLS] text [SEP] frames. As in VisualBERT (Li et al. 2019, section 3), text and
/// frames have segments and places of their own; here a frame's place is its time. [CLS], text and
/// [SEP] are global where attention is local.
class MusicbertNetImpl : public torch::nn::Module {
 public:
  explicit MusicbertNetImpl(MusicbertConfig config);

  [[nodiscard]] const MusicbertConfig& config() const { return config_; }

  /// Mean and standard deviation of each of a frame's numbers, [128] each. As constructed: 0 and 1.
  void set_scaler(const torch::Tensor& mean, const torch::Tensor& scale);

  /// `frames` [..., 128] as the network takes them in.
  [[nodiscard]] torch::Tensor standardised(const torch::Tensor& frames) const;

  MusicbertOutput forward(const MusicbertBatch& batch, const MusicbertDropout& dropout = {},
                          bool keep_attention = false);

  /// [words, d], one row a word.
  [[nodiscard]] const torch::Tensor& word_vectors() const { return word_->weight; }

 private:
  torch::Tensor embedded(const MusicbertBatch& batch);

  MusicbertConfig config_;
  torch::nn::Embedding word_{nullptr};
  torch::nn::Embedding word_place_{nullptr};
  torch::nn::Embedding frame_place_{nullptr};
  torch::nn::Embedding segment_{nullptr};
  torch::nn::Linear frame_{nullptr};
  torch::nn::LayerNorm input_norm_{nullptr};
  std::vector<MusicbertLayer> layers_;
  torch::nn::LayerNorm last_norm_{nullptr};  // with pre_norm
  torch::Tensor mask_frame_;                 // [1, 128], in place of a standardised frame
  torch::Tensor frame_mean_;
  torch::Tensor frame_scale_;
};
TORCH_MODULE(MusicbertNet);

/// Mean of `state` [n, T, d] over the frames that are present (bool [n, T]), [n, d].
torch::Tensor mean_over_present(const torch::Tensor& state, const torch::Tensor& present);

}  // namespace musicrep

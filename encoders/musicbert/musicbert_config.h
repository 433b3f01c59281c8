// What MusicBERT is and what it is trained to do, in numbers. The standard library alone.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "musicbert_words.h"

namespace musicrep {

constexpr std::int64_t kMusicbertFrameWidth = 128;  // of a VGGish frame

/// What maps a row of scores to weights that are not negative and sum to 1.
enum class AttentionKind {
  kSoftmax,    ///< exp(z) / sum: every weight is positive
  kEntmax15,   ///< 1.5-entmax (Peters, Niculae and Martins 2019): between the other two
  kSparsemax,  ///< projection onto the simplex (Martins and Astudillo 2016): the most zeros
};

/// "softmax", "entmax15" and "sparsemax", in this order.
const std::vector<std::string>& attention_names();

/// Throws std::invalid_argument that lists the names where `name` is none of them.
AttentionKind attention_named(const std::string& name);

/// What a network is built from. The defaults train in minutes on one core; the size of
/// 789,760 parameters a layer is width 256, 4 heads, ffn 1024, 4 layers.
struct MusicbertConfig {
  std::int64_t width = 128;  ///< of each position's vector, d; a multiple of `heads`
  std::int64_t layers = 2;
  std::int64_t heads = 4;
  std::int64_t ffn = 512;  ///< hidden units between the two linear layers of a block
  /// Normalisation before attention and feed-forward (Xiong et al. 2020), with one more at the end;
  /// or after each sum, as BERT has it.
  bool pre_norm = true;
  AttentionKind attention = AttentionKind::kSoftmax;
  std::int64_t window = 0;               ///< of attention between frames; 0: all see all
  std::int64_t vocabulary = kFirstWord;  ///< words, with the special ones
  std::int64_t max_words = 64;           ///< of a text
  std::int64_t max_frames = 31;          ///< places in time, one frame each 0.96 s
};

/// How much each objective counts; 0: not at all. One of the first three alone is what the paper
/// compares.
struct ObjectiveWeights {
  double audioset = 0;  ///< multi-label classification of clips
  double mlm = 0;       ///< masked frames reconstructed, masked words predicted
  double mim = 0;       ///< masked frames against all other frames of the batch
  double align = 0;     ///< clips and their texts, each alone, against those of others
};

/// BERT's (Devlin et al. 2018, section 3.1): `share` of the positions are chosen; of these, `mask`
/// are replaced by the mask, `random` by what stands elsewhere, and the rest stays.
struct Masking {
  double share = 0.15;
  double mask = 0.8;
  double random = 0.1;
};

}  // namespace musicrep

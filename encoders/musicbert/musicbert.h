// MusicBERT: a shared Transformer over VGGish frames and words.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// The representation of Rossetto and Dalton, "MusicBERT: A Shared Multi-Modal Representation for
/// Music and Text": states of a Transformer (musicbert_net.h) that was trained on VGGish frames
/// and, where the corpus has them, texts, by one of its objectives or a sum (objectives.h). A clip
/// is encoded without a text, a text without a clip.
class Musicbert : public Encoder, public TextEncoder, public LayerTracer, public MultiViewEncoder {
 public:
  /// Throws ConfigError without weights or where an option cannot be, DataError where the weights
  /// are not MusicBERT's or were trained on frames of another space than args.frame_space.
  explicit Musicbert(const EncoderArgs& args);
  ~Musicbert() override;
  static EncoderInfo static_info();

  /// VGGish frames [T, 128] to [T, d], one state a frame, or with pooling = "cls" to [1, d]; with
  /// concat_input the frames (or their mean) behind it. A clip longer than what the network was
  /// trained on is encoded in pieces of nearly the same length. Throws DataError, naming the item,
  /// where the frames are none.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  /// It can where it was trained with texts, but not beside concat_input.
  [[nodiscard]] std::string reason_without_texts() const override;
  /// The mean of a text's word states in the layer that is given, or with pooling = "cls" [CLS].
  std::vector<TextVector> encode_texts(std::span<const std::string> texts) override;
  /// The states of the frames: kInputLayer (frames projected, with their places, normalised), then
  /// "layer k attention" with its attention and "layer k" for each layer; whatever the options
  /// layer, pooling and concat_input. With pre_norm, what lies between layers is not normalised,
  /// and "layer k" of the last is.
  std::vector<LayerTrace> trace(const Signal& signal) override;
  [[nodiscard]] std::vector<VectorView> views() const override;
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] std::string content_sha256() const override;

  /// Throws DataError or ConfigError where the splits or tags are missing, or an option cannot be.
  static void check_corpus(const TrainingCorpus& corpus, const Options& options);
  /// Trains on the split "train", validates on "valid". Memory: 512 bytes a frame of the two, and
  /// the network's own.
  static void fit(const TrainingCorpus& corpus, const FitArgs& args);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace musicrep

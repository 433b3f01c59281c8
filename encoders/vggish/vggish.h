// VGGish: the low-level music encoder.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// VGGish (Hershey et al., "CNN Architectures for Large-Scale Audio Classification", ICASSP 2017),
/// as tensorflow/models research/audioset/vggish has it: a vector of 128 for each 0.96 s. A tail
/// shorter than that is dropped; a clip shorter than one patch (15,600 samples) is filled up with
/// zeros to one, where the official code would give nothing.
///
/// Option `end`: "linear" (the present official code) or "relu" (its older states, and all ports).
/// Option `postprocess`: "none", "pca", or "quantised": principal components, clipped to [-2, 2],
/// put into 8 bits and taken out of them again, as AudioSet's released frames are. Option
/// `rounding` of the 8 bits: "truncate" (official) or "nearest" (torchvggish).
///
/// Frames are comparable within one embedding space only: same weights, end and post-processing.
/// Its name is content_sha256().
class Vggish : public SignalEncoder, public LayerTracer {
 public:
  /// Throws ConfigError where no weights are given or an option is wrong, DataError where the
  /// weights are, or have no principal components and postprocess asks for them.
  explicit Vggish(const EncoderArgs& args);
  ~Vggish() override;
  static EncoderInfo static_info();

  /// Training in the tree, at a quarter of the width: multi-label tagging of single patches with
  /// the tags of their clip, through a linear layer on relu(embedding), binary cross-entropy
  /// (Hershey et al., sections 3 and 4); afterwards the principal components of the training
  /// patches' embeddings are fitted, for each end its own.
  static void check_corpus(const TrainingCorpus& corpus, const Options& options);
  static void fit(const TrainingCorpus& corpus, const FitArgs& args);

  /// Writes the project's file from one of the published formats (vggish_weights.h), if it passes
  /// the official smoke test. Throws DataError where it does not, or is not VGGish.
  static void import_weights(const std::string& from, const std::string& to);

  /// [1, samples] at 16 kHz to [T, 128], T >= 1. Throws DataError, naming the item, where it has no
  /// samples or one that is not finite.
  Matrix encode_one(const Signal& signal) override;

  /// The frames that it gives out, as "input" of whatever is built on them.
  std::vector<LayerTrace> trace(const Signal& signal) override;

  /// The embedding space: SHA-256 over the network's tensors, the end and the post-processing with
  /// its principal components. The same for a published file and what was imported from it.
  [[nodiscard]] std::string content_sha256() const override;

  [[nodiscard]] std::vector<std::string> notes() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musicrep

// MTLMR: a representation learned from several sources at once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// The representation of Kim, Urbano, Liem and Hanjalic, "One deep music representation to rule
/// them all?" (2019), as their PyTorch release computes it (musmtl/tool.py): 22050 Hz stereo, the
/// dB-mel spectrogram in patches of 2.5 s one after the other, each to 256 numbers by a network;
/// then mean and population standard deviation of each number over the patches. The release repeats
/// shared features once a task; here they stand once.
///
/// Mean and deviation are part of this representation, so they are taken here: protocols pool by
/// the mean alone.
class Mtlmr : public Encoder {
 public:
  /// Options: `weights` (a file of this program, or a checkpoint of the authors with its scaler
  /// beside it), `last_patch` (empty: as the weights' origin has it). Throws ConfigError without
  /// weights, DataError where they are not MTLMR's.
  explicit Mtlmr(const EncoderArgs& args);
  ~Mtlmr() override;
  static EncoderInfo static_info();

  /// [1 or 2, samples] at 22050 Hz to [1, 512 * tasks], or [1, 512] where the tasks share their
  /// features: all means, then all deviations. One channel counts as two equal ones. Throws
  /// DataError, naming the item, where it has no samples or one that is not finite.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  [[nodiscard]] std::string content_sha256() const override;
  [[nodiscard]] std::vector<std::string> notes() const override;

  /// Throws DataError listing what the corpus lacks for the sources, and where a split is missing.
  static void check_corpus(const TrainingCorpus& corpus, const Options& options);
  /// Trains on the split "train", validates on "valid". Memory: 44 kB for each second of audio in
  /// the two, and the network's own.
  static void fit(const TrainingCorpus& corpus, const FitArgs& args);
  /// As import_mtlmr_checkpoint().
  static void import_weights(const std::string& from, const std::string& to);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace musicrep

// TLM: the transferred convolutional features of Choi et al. (2017).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "frontend/log_mel.h"
#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "tlm/tlm_inference.h"
#include "tlm/tlm_input.h"
#include "tlm/tlm_weights.h"

namespace musicrep {

/// The 160-d vector of Choi et al., "Transfer Learning for Music Classification and Regression
/// Tasks" (2017): the means of the 32 maps of each of five convolutional blocks that were trained
/// to tag music. Which of the variants (tlm_weights.h) it is, the weights say:
/// - keras2, and trained: a clip's own dB range and standardisation, stored statistics in the batch
///   normalisations, means of ELU's output before pooling. A vector depends on its clip alone.
/// - theano-batch: what published the numbers. The dB range and the batch normalisations take in
///   the batch of 256 clips, in the order of the files, that a clip happens to be in; means after
///   pooling.
/// 12 kHz mono by kaiser_best, 29 s; shorter clips are repeated (see `short_clips`).
class Tlm : public Encoder, public BatchDependentEncoder {
 public:
  /// Throws ConfigError where no weights are given or an option cannot be, DataError where the
  /// weights are not TLM's.
  explicit Tlm(const EncoderArgs& args);
  static EncoderInfo static_info();

  /// [1, samples] at 12 kHz, any number of clips, to [1, 32 x the number of layers] each, block by
  /// block. Throws DataError, naming the item, where it has no samples or one that is not finite.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  [[nodiscard]] std::size_t dependent_batch_size() const override;
  /// Where the weights come from, and whether a vector depends on its neighbours.
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] std::string content_sha256() const override { return sha256_; }

  /// What EncoderAbilities says of these. Training is described in tlm_fit.cpp.
  static void check_corpus(const TrainingCorpus& corpus, const Options& options);
  static void fit(const TrainingCorpus& corpus, const FitArgs& args);
  static void import_weights(const std::string& published, const std::string& out);

 private:
  Tlm(const Options& options, const Weights& weights);
  [[nodiscard]] std::vector<tlm::Means> batch_means(std::span<const Signal> signals) const;
  [[nodiscard]] Matrix vector(const tlm::Means& means) const;

  tlm::Variant variant_;
  Fit fit_;
  std::vector<std::size_t> layers_;  // from 0
  std::size_t statistics_batch_;
  std::string sha256_;
  std::vector<std::string> origin_;
  LogMel front_end_;
  tlm::Inference network_;
};

}  // namespace musicrep

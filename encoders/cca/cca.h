// Canonical correlation analysis of music and texts: a baseline without a network.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "training/trainer_config.h"

namespace musicrep {

constexpr std::size_t kCcaFrameWidth = 128;                 // of a VGGish frame
constexpr std::size_t kCcaMusicWidth = 2 * kCcaFrameWidth;  // mean and standard deviation

/// Mean and (population) standard deviation over time of VGGish frames [T, 128]: 256 numbers.
/// Throws DataError naming the item where the frames are none, or not finite.
std::vector<double> mean_and_deviation(const std::string& id, std::span<const float> values,
                                       std::size_t rows, std::size_t cols);

/// Regularised canonical correlation analysis (Hotelling 1936; Vinod 1976) of mean and deviation of
/// VGGish frames with texts: TF-IDF, reduced by latent semantic analysis (Deerwester et al. 1990).
/// Directions are scaled by the root of their correlation, so that a cosine weighs them by it. With
/// tag_units, the hidden layer of a network that has learned the corpus' tags is concatenated with
/// mean and deviation.
class Cca : public Encoder, public TextEncoder {
 public:
  /// Throws ConfigError without weights, DataError where the weights are of another encoder or of
  /// frames of another space.
  explicit Cca(const EncoderArgs& args);
  ~Cca() override;
  static EncoderInfo static_info();

  /// VGGish frames [T, 128] to [1, components].
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
  std::vector<TextVector> encode_texts(std::span<const std::string> texts) override;
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] std::string content_sha256() const override;

  static void check_corpus(const TrainingCorpus& corpus, const Options& options);
  /// Solves for the items with a text of the splits "train" and "valid": there is no step at which
  /// to stop early. The tags' network learns from all items of "train" and stops by "valid".
  static void fit(const TrainingCorpus& corpus, const FitArgs& args);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Items of "train" and "valid" with a text.
std::vector<std::size_t> cca_pairs(const TrainingCorpus& corpus);

/// How the tags' network is trained.
TrainerConfig cca_tag_training(const Options& options);

}  // namespace musicrep

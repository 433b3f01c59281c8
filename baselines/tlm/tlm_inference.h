// TLM's network for encoding: from spectrograms to the means of its five blocks.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "tlm/tlm_block.h"
#include "weights/tensors.h"

namespace musicrep::tlm {

constexpr std::size_t kBlocks = 5;
constexpr std::size_t kMels = 96;
constexpr std::size_t kFrames = 1360;  ///< of 29 s
constexpr double kNormEpsilon = 1e-3;  ///< of batch normalisation, Keras' own

/// Pooling windows of the five blocks, over mels and frames.
constexpr std::array<std::array<std::size_t, 2>, kBlocks> kPools = {
    {{2, 4}, {3, 4}, {2, 5}, {2, 4}, {4, 4}}};

/// A spectrogram as the first block wants it: [kMels + 2, kFrames + 2] in a border of zeros.
using Input = std::vector<float>;

/// `mel` [kFrames, kMels] to an Input.
Input to_input(std::span<const double> mel);

/// limit_range() of frontend/decibel.h over a batch: no value of an input below its greatest of all
/// inputs by more than `range_db`, and that greatest one 0. The borders stay zero.
void limit_range(std::span<Input> inputs, double range_db);

/// The means of all maps of all blocks, [kBlocks * kMaps], block by block.
using Means = std::array<double, kBlocks * kMaps>;

/// The five blocks of Choi et al. 2017 (section 3.1: convolution 3x3, batch normalisation, ELU,
/// max-pooling), without the head. Safe from several threads at once.
class Inference {
 public:
  /// `tensors` as in tlm_weights.h; they must have its shapes.
  explicit Inference(const NamedTensors& tensors);

  /// Batch normalisation with the stored statistics, and means of ELU's output before pooling: the
  /// release for Keras 2.
  [[nodiscard]] Means stored_statistics(const Input& input) const;

  /// Batch normalisation with the statistics of these inputs, and means after pooling: what the
  /// original did (Keras 1, BatchNormalization(mode=2)). Takes the inputs: 0.5 MiB each, and 0.2
  /// MiB more on the way.
  [[nodiscard]] std::vector<Means> batch_statistics(std::vector<Input> inputs) const;

 private:
  struct Block {
    BlockShape shape;
    std::vector<float> kernel;  // [3, 3, in_maps, kMaps]
    std::vector<float> bias;
    std::vector<float> gamma;
    std::vector<float> beta;
    std::vector<float> mean;
    std::vector<float> variance;
  };
  // A convolution that also normalises.
  struct Folded {
    std::vector<float> kernel;
    std::vector<float> bias;
  };
  static Folded fold(const Block& block, std::span<const double> mean,
                     std::span<const double> variance);
  // Runs blocks [first, last) and writes their means; returns the last one's pooled maps.
  [[nodiscard]] std::vector<float> run(std::span<const Folded> folded, std::vector<float> maps,
                                       std::size_t first, std::size_t last, BlockSums what,
                                       Means& means) const;

  std::array<Block, kBlocks> blocks_;
  std::vector<Folded> stored_;
};

}  // namespace musicrep::tlm

#include "tlm/tlm_inference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "core/stop.h"

namespace musicrep::tlm {
namespace {

// [out, in, 3, 3] to [3, 3, in, out]: output maps run fastest.
std::vector<float> to_maps_last(const FloatTensor& weight) {
  const std::size_t in_maps = weight.shape.at(1);
  std::vector<float> out(weight.values.size());
  for (std::size_t map = 0; map < kMaps; ++map) {
    for (std::size_t in = 0; in < in_maps; ++in) {
      for (std::size_t tap = 0; tap < 9; ++tap) {
        out[(tap * in_maps + in) * kMaps + map] = weight.values[(map * in_maps + in) * 9 + tap];
      }
    }
  }
  return out;
}

}  // namespace

Input to_input(std::span<const double> mel) {
  assert(mel.size() == kFrames * kMels);
  Input out((kMels + 2) * (kFrames + 2), 0.0F);
  for (std::size_t t = 0; t < kFrames; ++t) {
    for (std::size_t m = 0; m < kMels; ++m) {
      out[(m + 1) * (kFrames + 2) + t + 1] = static_cast<float>(mel[t * kMels + m]);
    }
  }
  return out;
}

void limit_range(std::span<Input> inputs, double range_db) {
  const auto for_each_row = [&](const auto& use) {
    for (Input& input : inputs) {
      for (std::size_t m = 0; m < kMels; ++m) {
        use(std::span(input).subspan((m + 1) * (kFrames + 2) + 1, kFrames));
      }
    }
  };
  float top = -std::numeric_limits<float>::infinity();
  for_each_row([&](std::span<float> row) { top = std::max(top, std::ranges::max(row)); });
  const auto least = static_cast<float>(-range_db);
  for_each_row([&](std::span<float> row) {
    for (float& value : row) value = std::max(value - top, least);
  });
}

Inference::Inference(const NamedTensors& tensors) {
  std::size_t rows = kMels;
  std::size_t cols = kFrames;
  for (std::size_t k = 0; k < kBlocks; ++k) {
    const auto tensor = [&](const char* name) -> const FloatTensor& {
      return tensors.at(fmt::format("block{}.{}", k + 1, name));
    };
    Block& block = blocks_[k];
    block.shape = {rows, cols, k == 0 ? 1 : kMaps, kPools[k][0], kPools[k][1]};
    block.kernel = to_maps_last(tensor("conv.weight"));
    block.bias = tensor("conv.bias").values;
    block.gamma = tensor("norm.weight").values;
    block.beta = tensor("norm.bias").values;
    block.mean = tensor("norm.running_mean").values;
    block.variance = tensor("norm.running_var").values;
    rows /= block.shape.pool_rows;
    cols /= block.shape.pool_cols;
    const std::vector<double> mean(block.mean.begin(), block.mean.end());
    const std::vector<double> variance(block.variance.begin(), block.variance.end());
    stored_.push_back(fold(block, mean, variance));
  }
}

Inference::Folded Inference::fold(const Block& block, std::span<const double> mean,
                                  std::span<const double> variance) {
  Folded out = {block.kernel, block.bias};
  for (std::size_t map = 0; map < kMaps; ++map) {
    const double scale =
        static_cast<double>(block.gamma[map]) / std::sqrt(variance[map] + kNormEpsilon);
    for (std::size_t i = map; i < out.kernel.size(); i += kMaps) {
      out.kernel[i] = static_cast<float>(static_cast<double>(out.kernel[i]) * scale);
    }
    out.bias[map] = static_cast<float>((static_cast<double>(block.bias[map]) - mean[map]) * scale +
                                       static_cast<double>(block.beta[map]));
  }
  return out;
}

std::vector<float> Inference::run(std::span<const Folded> folded, std::vector<float> maps,
                                  std::size_t first, std::size_t last, BlockSums what,
                                  Means& means) const {
  for (std::size_t k = first; k < last; ++k) {
    const BlockShape& shape = blocks_[k].shape;
    const std::size_t rows = shape.rows / shape.pool_rows;
    const std::size_t cols = shape.cols / shape.pool_cols;
    std::vector<float> out((rows + 2) * (cols + 2) * kMaps, 0.0F);
    std::array<double, kMaps> sums = {};
    block_function()({shape, maps.data(), folded[k].kernel.data(), folded[k].bias.data(), what,
                      sums.data(), nullptr, out.data()});
    const auto n = static_cast<double>(what == BlockSums::kAfterPooling ? rows * cols
                                                                        : shape.rows * shape.cols);
    for (std::size_t map = 0; map < kMaps; ++map) means[k * kMaps + map] = sums[map] / n;
    maps = std::move(out);
  }
  return maps;
}

Means Inference::stored_statistics(const Input& input) const {
  Means means = {};
  static_cast<void>(run(stored_, input, 0, kBlocks, BlockSums::kBeforePooling, means));
  return means;
}

std::vector<Means> Inference::batch_statistics(std::vector<Input> inputs) const {
  std::vector<Means> means(inputs.size());
  std::vector<Folded> folded;
  std::size_t reached = 0;  // the block whose input `inputs` is
  for (std::size_t k = 0; k < kBlocks; ++k) {
    const Block& block = blocks_[k];
    std::array<double, kMaps> sums = {};
    std::array<double, kMaps> squares = {};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      throw_if_stop_requested();
      const std::vector<float> before =
          k == reached ? std::vector<float>()
                       : run(folded, inputs[i], reached, k, BlockSums::kAfterPooling, means[i]);
      block_function()({block.shape, k == reached ? inputs[i].data() : before.data(),
                        block.kernel.data(), block.bias.data(), BlockSums::kMoments, sums.data(),
                        squares.data(), nullptr});
    }
    const auto n = static_cast<double>(inputs.size() * block.shape.rows * block.shape.cols);
    for (std::size_t map = 0; map < kMaps; ++map) {
      sums[map] /= n;
      squares[map] = squares[map] / n - sums[map] * sums[map];
    }
    folded.push_back(fold(block, sums, squares));
    if (k == 0) continue;  // its output is four times its input: computed again, not kept
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      throw_if_stop_requested();
      inputs[i] =
          run(folded, std::move(inputs[i]), reached, k + 1, BlockSums::kAfterPooling, means[i]);
    }
    reached = k + 1;
  }
  return means;
}

}  // namespace musicrep::tlm

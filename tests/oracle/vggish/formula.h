// The weights of reference.py, bit for bit.
#pragma once

#include <cmath>
#include <cstdint>

#include "vggish/vggish_layers.h"
#include "weights/weights_file.h"

namespace musicrep {

/// Numbers in [-limit, limit): place k of tensor number `tensor`, hashed.
inline FloatTensor formula_numbers(std::vector<std::size_t> shape, std::uint32_t tensor,
                                   double limit) {
  std::size_t n = 1;
  for (const std::size_t size : shape) n *= size;
  FloatTensor out{std::move(shape), std::vector<float>(n)};
  for (std::size_t k = 0; k < n; ++k) {
    std::uint32_t x = static_cast<std::uint32_t>(k) * 2654435761U + 40503U * (tensor + 1);
    x = (x ^ (x >> 16)) * 0x7FEB352DU;
    x = (x ^ (x >> 15)) * 0x846CA68BU;
    x ^= x >> 16;
    out.values[k] = static_cast<float>((static_cast<double>(x >> 8) / (1 << 23) - 1) * limit);
  }
  return out;
}

inline Weights formula_weights(double width) {
  Weights weights;
  weights.architecture = "vggish";
  weights.config = {{"width", width}};
  weights.source = {{"kind", "imported"}};
  std::uint32_t next = 0;
  const auto add = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    std::size_t fan_in = 1;
    std::vector<std::size_t> sizes;
    for (const std::int64_t size : shape) sizes.push_back(static_cast<std::size_t>(size));
    for (std::size_t i = 1; i < sizes.size(); ++i) fan_in *= sizes[i];
    const double limit = std::sqrt(6 / static_cast<double>(fan_in));
    weights.tensors[name + ".weight"] = formula_numbers(sizes, next++, limit);
    weights.tensors[name + ".bias"] = formula_numbers({sizes[0]}, next++, 0.1);
  };
  const VggishLayers layers(width);
  for (const auto& c : layers.convolutions) add(c.name, {c.out, c.in, 3, 3});
  for (const auto& d : layers.dense) add(d.name, {d.out, d.in});
  return weights;
}

}  // namespace musicrep

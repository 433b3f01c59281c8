#include "vggish_layers.h"

#include <cmath>

namespace musicrep {

VggishLayers::VggishLayers(double width) {
  const auto channels = [&](double full) { return std::llround(full * width); };
  std::int64_t in = 1;
  const auto add = [&](const char* name, double full, bool pooled) {
    convolutions.push_back({name, in, channels(full), pooled});
    in = convolutions.back().out;
  };
  add("conv1", 64, true);
  add("conv2", 128, true);
  add("conv3_1", 256, false);
  add("conv3_2", 256, true);
  add("conv4_1", 512, false);
  add("conv4_2", 512, true);
  const std::int64_t units = width < 1 ? channels(2048) : 4096;
  const std::int64_t flat = (kVggishPatchFrames / 16) * (kVggishPatchBands / 16) * in;
  dense = {{"fc1_1", flat, units}, {"fc1_2", units, units}, {"fc2", units, kVggishDim}};
}

std::size_t VggishLayers::n_parameters() const {
  std::int64_t n = 0;
  for (const VggishConvolution& layer : convolutions) n += (layer.in * 9 + 1) * layer.out;
  for (const VggishDense& layer : dense) n += (layer.in + 1) * layer.out;
  return static_cast<std::size_t>(n);
}

}  // namespace musicrep

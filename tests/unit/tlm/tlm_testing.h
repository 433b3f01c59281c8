// Small weights, clips and encoders of TLM.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/random.h"
#include "test_files.h"
#include "tlm/tlm.h"
#include "tlm/tlm_weights.h"

namespace musicrep {

/// Random weights of a variant, with live units.
inline Weights small_weights(const std::string& variant, std::size_t n_tags = 3) {
  Weights out;
  out.architecture = "tlm";
  out.config = {{"variant", variant}, {"n_tags", n_tags}};
  out.source = {{"kind", "imported"}, {"file", "made.hdf5"}};
  Random random(5);
  for (const auto& [name, shape] : tlm::tensor_shapes(n_tags)) {
    FloatTensor& tensor = out.tensors[name];
    tensor.shape = shape;
    std::size_t n = 1;
    for (const std::size_t d : shape) n *= d;
    const double scale =
        shape.size() == 4 ? 1 / std::sqrt(9.0 * static_cast<double>(shape[1])) : 0.3;
    const double shift = name.ends_with("running_var") || name.ends_with("norm.weight") ? 1.0 : 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      tensor.values.push_back(static_cast<float>(shift + scale * std::tanh(random.normal())));
    }
  }
  return out;
}

inline std::string write_small_weights(const TempFolder& folder, const std::string& variant) {
  const std::string path = (folder.path() / (variant + ".h5")).string();
  write_weights(path, small_weights(variant));
  return path;
}

inline Options tlm_options(const Options& options) {
  return complete_options("tlm", Tlm::static_info().options, options);
}

inline Tlm make_tlm(const Options& options) { return Tlm({1, tlm_options(options)}); }

inline std::vector<float> random_clip(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(0.2 * random.normal());
  return out;
}

inline Signal as_signal(const std::vector<float>& samples) {
  return {"a clip", samples, 1, samples.size()};
}

}  // namespace musicrep

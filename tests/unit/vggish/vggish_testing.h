// What the tests of VGGish share.
#pragma once

#include <string>
#include <vector>

#include "core/random.h"
#include "oracle/vggish/formula.h"
#include "test_files.h"
#include "vggish/vggish.h"
#include "weights/weights_file.h"

namespace musicrep {

inline Options vggish_options(const std::string& weights) {
  Options options;
  for (const OptionSpec& spec : Vggish::static_info().options) {
    options[spec.name] = spec.default_value;
  }
  options["weights"] = weights;
  return options;
}

/// Weights of a quarter of the width with principal components, those of "relu" other ones.
inline Weights weights_with_pca() {
  Weights weights = formula_weights(0.25);
  std::uint32_t next = 100;
  for (const std::string end : {"linear", "relu"}) {
    weights.tensors["pca." + end + ".eigen_vectors"] = formula_numbers({128, 128}, next++, 0.05);
    weights.tensors["pca." + end + ".means"] = formula_numbers({128}, next++, 0.3);
  }
  return weights;
}

/// A folder with "weights.h5" in it.
class WeightsFolder : public TempFolder {
 public:
  explicit WeightsFolder(const Weights& weights = weights_with_pca()) {
    write_weights(file(), weights);
  }
  [[nodiscard]] std::string file() const { return (path() / "weights.h5").string(); }
};

inline std::vector<float> noise(std::size_t n, std::uint64_t seed = 7) {
  Random random(seed);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(random.uniform() - 0.5);
  return out;
}

inline Matrix encode_with(Vggish& vggish, const std::vector<float>& samples) {
  const Signal signal = {"a clip", samples, 1, samples.size()};
  return vggish.encode({&signal, 1}).at(0);
}

}  // namespace musicrep

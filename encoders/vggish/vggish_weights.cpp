#include "vggish_weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "musicrep/error.h"
#include "vggish_layers.h"
#include "vggish_published.h"

namespace musicrep {
namespace {

constexpr auto kDim = static_cast<std::size_t>(kVggishDim);

bool any_begins_with(const NamedTensors& tensors, const std::string& prefix) {
  const auto it = tensors.lower_bound(prefix);
  return it != tensors.end() && it->first.starts_with(prefix);
}

}  // namespace

void check_vggish_weights(const Weights& weights, const std::string& where) {
  if (weights.architecture != "vggish") {
    throw DataError(fmt::format("{}: weights of '{}', expected those of 'vggish'", where,
                                weights.architecture));
  }
  const nlohmann::json width = weights.config.value("width", nlohmann::json());
  if (!width.is_number() || std::ranges::count(kVggishWidths, width.get<double>()) == 0) {
    throw DataError(
        fmt::format("{}: found the width {}, expected 1, 0.5, 0.25 or 0.125", where, width.dump()));
  }
  TensorShapes expected = vggish_shapes(width.get<double>());
  if (any_begins_with(weights.tensors, "pca.")) {
    for (const char* end : {"linear", "relu"}) {
      expected[fmt::format("pca.{}.eigen_vectors", end)] = {kDim, kDim};
      expected[fmt::format("pca.{}.means", end)] = {kDim};
    }
  }
  if (any_begins_with(weights.tensors, "head.")) {
    const auto tags = weights.labels.find("tags");
    const std::size_t n_tags = tags == weights.labels.end() ? 0 : tags->second.size();
    expected["head.weight"] = {n_tags, kDim};
    expected["head.bias"] = {n_tags};
  }
  check_tensors(weights.tensors, expected, where);
}

double vggish_width(const Weights& weights) { return weights.config.at("width").get<double>(); }

std::optional<VggishPca> vggish_pca(const Weights& weights, const std::string& end) {
  const auto vectors = weights.tensors.find(fmt::format("pca.{}.eigen_vectors", end));
  if (vectors == weights.tensors.end()) return std::nullopt;
  return VggishPca{vectors->second.values,
                   weights.tensors.at(fmt::format("pca.{}.means", end)).values};
}

Weights read_vggish_weights(const VggishSource& source) {
  const std::string name = source.path.string();
  if (is_weights_file(source.path)) {
    Weights weights = read_weights(source.path);
    check_vggish_weights(weights, name);
    return weights;
  }
  Weights weights = read_published_vggish(source.path);
  if (source.smoke_test) {
    const std::vector<VggishMeasured> measured = run_vggish_smoke_test(weights);
    check_vggish_smoke_test(measured, source.expectations, name);
  }
  weights.source["smoke_test"] = source.smoke_test ? "passed" : "left out";
  return weights;
}

}  // namespace musicrep

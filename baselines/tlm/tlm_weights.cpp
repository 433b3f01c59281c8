#include "tlm/tlm_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/did_you_mean.h"
#include "core/hash.h"
#include "musicrep/error.h"
#include "tlm/tlm_inference.h"
#include "weights/keras_hdf5.h"

namespace musicrep::tlm {
namespace {

constexpr std::array kVariants = {std::pair{Variant::kKeras2, "keras2"},
                                  std::pair{Variant::kTheanoBatch, "theano-batch"},
                                  std::pair{Variant::kTrained, "trained"}};

/// One of our tensors: what it is called in a published file, and its shape there.
struct Source {
  std::string ours;
  std::string theirs;
  std::vector<std::size_t> shape;
};

/// Both files lay out the same network: these are the names of one convolution's, one
/// normalisation's and the dense layer's tensors, with {} for the block's number.
struct Layout {
  const char* format;
  const char* conv_weight;
  const char* conv_bias;
  const char* gamma;
  const char* beta;
  const char* mean;
  const char* variance;
  const char* dense_weight;
  const char* dense_bias;
  std::array<const char*, 3> front_end;  ///< constants that tlm_front_ends.h has as formulas
  bool maps_first;                       ///< kernels [out, in, 3, 3], flipped; else [3, 3, in, out]
};

// Keras 1.2 called a running variance "running_std". Neither it nor the mean is used there.
constexpr Layout kTheano = {"Keras 1, Theano",
                            "ConvBNEluDr/convolution2d_{}_W",
                            "ConvBNEluDr/convolution2d_{}_b",
                            "ConvBNEluDr/batchnormalization_{}_gamma",
                            "ConvBNEluDr/batchnormalization_{}_beta",
                            "ConvBNEluDr/batchnormalization_{}_running_mean",
                            "ConvBNEluDr/batchnormalization_{}_running_std",
                            "dense_1/dense_1_W",
                            "dense_1/dense_1_b",
                            {"melgram/param_0", "melgram/param_1", "melgram/param_2"},
                            true};
constexpr Layout kTensorflow = {
    "Keras 2, TensorFlow",
    "conv2d_{}/kernel",
    "conv2d_{}/bias",
    "batch_normalization_{}/gamma",
    "batch_normalization_{}/beta",
    "batch_normalization_{}/moving_mean",
    "batch_normalization_{}/moving_variance",
    "dense_1/kernel",
    "dense_1/bias",
    {"melgram/real_kernels", "melgram/imag_kernels", "melgram/Variable"},
    false};

std::vector<Source> sources(const Layout& layout, std::size_t n_tags) {
  std::vector<Source> out;
  for (std::size_t k = 1; k <= kBlocks; ++k) {
    const auto add = [&](const char* ours, const char* theirs, std::vector<std::size_t> shape) {
      out.push_back({fmt::format("block{}.{}", k, ours), fmt::format(fmt::runtime(theirs), k),
                     std::move(shape)});
    };
    const std::size_t in = k == 1 ? 1 : kMaps;
    add("conv.weight", layout.conv_weight,
        layout.maps_first ? std::vector<std::size_t>{kMaps, in, 3, 3}
                          : std::vector<std::size_t>{3, 3, in, kMaps});
    add("conv.bias", layout.conv_bias, {kMaps});
    add("norm.weight", layout.gamma, {kMaps});
    add("norm.bias", layout.beta, {kMaps});
    add("norm.running_mean", layout.mean, {kMaps});
    add("norm.running_var", layout.variance, {kMaps});
  }
  out.push_back({"head.weight", layout.dense_weight, {kMaps, n_tags}});
  out.push_back({"head.bias", layout.dense_bias, {n_tags}});
  return out;
}

/// [d0, d1, d2, d3] to the axes `order` of it.
FloatTensor permuted(const FloatTensor& from, const std::array<std::size_t, 4>& order) {
  std::array<std::size_t, 4> stride = {};
  std::size_t step = 1;
  for (std::size_t axis = 4; axis-- > 0; step *= from.shape[axis]) stride[axis] = step;
  FloatTensor out;
  for (const std::size_t axis : order) out.shape.push_back(from.shape[axis]);
  out.values.reserve(from.values.size());
  for (std::size_t a = 0; a < out.shape[0]; ++a) {
    for (std::size_t b = 0; b < out.shape[1]; ++b) {
      for (std::size_t c = 0; c < out.shape[2]; ++c) {
        for (std::size_t d = 0; d < out.shape[3]; ++d) {
          out.values.push_back(from.values[a * stride[order[0]] + b * stride[order[1]] +
                                           c * stride[order[2]] + d * stride[order[3]]]);
        }
      }
    }
  }
  return out;
}

/// Their tensor as ours.
FloatTensor converted(const Source& source, FloatTensor tensor, const Layout& layout) {
  if (source.ours == "head.weight") {
    tensor = permuted({{1, 1, tensor.shape[0], tensor.shape[1]}, std::move(tensor.values)},
                      {0, 1, 3, 2});
    tensor.shape = {tensor.shape[2], tensor.shape[3]};
  } else if (tensor.shape.size() == 4 && !layout.maps_first) {
    tensor = permuted(tensor, {3, 2, 0, 1});
  } else if (tensor.shape.size() == 4) {
    for (std::size_t at = 0; at < tensor.values.size(); at += 9) {
      std::reverse(tensor.values.begin() + static_cast<std::ptrdiff_t>(at),
                   tensor.values.begin() + static_cast<std::ptrdiff_t>(at + 9));
    }
  }
  return tensor;
}

}  // namespace

Variant variant_named(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [variant, known] : kVariants) {
    if (name == known) return variant;
    names.emplace_back(known);
  }
  throw ConfigError(unknown_name("variant", name, names));
}

const char* name_of(Variant variant) {
  return std::ranges::find(kVariants, variant, &decltype(kVariants)::value_type::first)->second;
}

TensorShapes tensor_shapes(std::size_t n_tags) {
  TensorShapes out;
  for (const Source& source : sources(kTheano, n_tags)) out[source.ours] = source.shape;
  out["head.weight"] = {n_tags, kMaps};
  return out;
}

const std::vector<std::string>& published_tags() {
  static const std::vector<std::string> tags = {"rock",
                                                "pop",
                                                "alternative",
                                                "indie",
                                                "electronic",
                                                "female vocalists",
                                                "dance",
                                                "00s",
                                                "alternative rock",
                                                "jazz",
                                                "beautiful",
                                                "metal",
                                                "chillout",
                                                "male vocalists",
                                                "classic rock",
                                                "soul",
                                                "indie rock",
                                                "Mellow",
                                                "electronica",
                                                "80s",
                                                "folk",
                                                "90s",
                                                "chill",
                                                "instrumental",
                                                "punk",
                                                "oldies",
                                                "blues",
                                                "hard rock",
                                                "ambient",
                                                "acoustic",
                                                "experimental",
                                                "female vocalist",
                                                "guitar",
                                                "Hip-Hop",
                                                "70s",
                                                "party",
                                                "country",
                                                "easy listening",
                                                "sexy",
                                                "catchy",
                                                "funk",
                                                "electro",
                                                "heavy metal",
                                                "Progressive rock",
                                                "60s",
                                                "rnb",
                                                "indie pop",
                                                "sad",
                                                "House",
                                                "happy"};
  return tags;
}

Weights import_published(const std::filesystem::path& path) {
  NamedTensors found = read_keras_weights(path);
  const bool theano = std::ranges::any_of(
      found, [](const auto& named) { return named.first.starts_with("ConvBNEluDr/"); });
  const Layout& layout = theano ? kTheano : kTensorflow;
  const std::size_t n_tags = published_tags().size();
  const std::vector<Source> wanted = sources(layout, n_tags);
  TensorShapes expected = {{layout.front_end[0], {512, 1, 1, 257}},
                           {layout.front_end[1], {512, 1, 1, 257}},
                           {layout.front_end[2], {257, kMels}}};
  for (const Source& source : wanted) expected[source.theirs] = source.shape;
  check_tensors(found, expected,
                fmt::format("'{}' is not TLM's file for {}:", path.string(), layout.format));
  Weights out;
  out.architecture = "tlm";
  out.config = {{"variant", name_of(theano ? Variant::kTheanoBatch : Variant::kKeras2)},
                {"n_tags", n_tags}};
  out.source = {{"kind", "imported"},
                {"file", path.filename().string()},
                {"file_sha256", sha256_of_file(path)},
                {"format", layout.format},
                {"trained_on", "Million Song Dataset, 50 tags of Last.fm"}};
  for (const Source& source : wanted) {
    out.tensors[source.ours] = converted(source, std::move(found[source.theirs]), layout);
  }
  out.labels["tags"] = published_tags();
  return out;
}

Weights load_weights(const std::filesystem::path& path) {
  if (!is_weights_file(path)) return import_published(path);
  Weights out = read_weights(path);
  const std::string where = fmt::format("weights '{}':", path.string());
  if (out.architecture != "tlm") {
    throw DataError(
        fmt::format("{} found weights of '{}', expected those of 'tlm'", where, out.architecture));
  }
  const auto variant = out.config.find("variant");
  if (variant == out.config.end() || !variant->is_string()) {
    throw DataError(fmt::format("{} its configuration names no variant", where));
  }
  variant_named(variant->get<std::string>());
  const auto bias = out.tensors.find("head.bias");
  check_tensors(out.tensors,
                tensor_shapes(bias == out.tensors.end() ? 1 : bias->second.values.size()), where);
  return out;
}

}  // namespace musicrep::tlm

#include "vggish_published.h"

#include <fmt/format.h>

#include <cassert>
#include <filesystem>

#include "core/hash.h"
#include "formats/npz.h"
#include "musicrep/error.h"
#include "nn/state.h"
#include "vggish_layers.h"
#include "vggish_weights.h"
#include "weights/published.h"

namespace musicrep {
namespace {

struct LayerNames {
  const char* ours;
  const char* tensorflow;
  const char* torch;
  const char* keras;
};

constexpr LayerNames kNames[] = {
    {"conv1", "vggish/conv1", "features.0", "conv1"},
    {"conv2", "vggish/conv2", "features.3", "conv2"},
    {"conv3_1", "vggish/conv3/conv3_1", "features.6", "conv3/conv3_1"},
    {"conv3_2", "vggish/conv3/conv3_2", "features.8", "conv3/conv3_2"},
    {"conv4_1", "vggish/conv4/conv4_1", "features.11", "conv4/conv4_1"},
    {"conv4_2", "vggish/conv4/conv4_2", "features.13", "conv4/conv4_2"},
    {"fc1_1", "vggish/fc1/fc1_1", "embeddings.0", "vggish_fc1/fc1_1"},
    {"fc1_2", "vggish/fc1/fc1_2", "embeddings.2", "vggish_fc1/fc1_2"},
    {"fc2", "vggish/fc2", "embeddings.4", "vggish_fc2"},
};

/// [out, in, time, mel] and [out, in] in the axes of the layout.
std::vector<std::size_t> shape_in(VggishLayout layout, const std::vector<std::size_t>& shape) {
  if (layout == VggishLayout::kTorch || shape.size() == 1) return shape;
  if (shape.size() == 2) return {shape[1], shape[0]};
  return {shape[2], shape[3], shape[1], shape[0]};
}

/// The other way round.
FloatTensor from_layout(VggishLayout layout, const FloatTensor& tensor) {
  if (layout == VggishLayout::kTorch || tensor.shape.size() == 1) return tensor;
  const torch::Tensor t = to_torch(tensor);
  return to_float_tensor(t.dim() == 2 ? t.t().contiguous() : t.permute({3, 2, 0, 1}).contiguous());
}

/// What the number of the first layer's channels says.
double width_of(const NamedTensors& found, VggishLayout layout) {
  const auto bias = found.find(vggish_published_name("conv1.bias", layout));
  for (const double width : kVggishWidths) {
    const auto channels = static_cast<std::size_t>(VggishLayers(width).convolutions.front().out);
    if (bias != found.end() && bias->second.shape == std::vector{channels}) return width;
  }
  return 1;
}

VggishLayout layout_of(WeightsFormat format) {
  switch (format) {
    case WeightsFormat::kKeras:
      return VggishLayout::kKeras;
    case WeightsFormat::kTorch:
      return VggishLayout::kTorch;
    default:
      return VggishLayout::kTensorflow;
  }
}

void add_pca(NamedTensors& tensors, FloatTensor vectors, FloatTensor means) {
  for (const char* end : {"linear", "relu"}) {
    tensors[fmt::format("pca.{}.eigen_vectors", end)] = vectors;
    tensors[fmt::format("pca.{}.means", end)] = means;
  }
}

/// The means are [128] or, as the official code turns them, [128, 1].
FloatTensor flat_means(FloatTensor means) {
  if (means.shape.size() == 2 && means.shape[1] == 1) means.shape.pop_back();
  return means;
}

FloatTensor from_npz(const NpzFile& file, const std::string& name) {
  const NpyArray array = file.read(name);
  const Matrix m = array.to_matrix();
  return {array.shape, {m.values().begin(), m.values().end()}};
}

}  // namespace

TensorShapes vggish_shapes(double width) {
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  TensorShapes shapes;
  const VggishLayers layers(width);
  for (const auto& c : layers.convolutions) {
    shapes[c.name + ".weight"] = {size(c.out), size(c.in), 3, 3};
    shapes[c.name + ".bias"] = {size(c.out)};
  }
  for (const auto& d : layers.dense) {
    shapes[d.name + ".weight"] = {size(d.out), size(d.in)};
    shapes[d.name + ".bias"] = {size(d.out)};
  }
  return shapes;
}

std::string vggish_published_name(const std::string& name, VggishLayout layout) {
  const std::size_t dot = name.find('.');
  const bool is_bias = name.substr(dot) == ".bias";
  for (const LayerNames& layer : kNames) {
    if (name.substr(0, dot) != layer.ours) continue;
    switch (layout) {
      case VggishLayout::kTensorflow:
        return fmt::format("{}/{}", layer.tensorflow, is_bias ? "biases" : "weights");
      case VggishLayout::kTorch:
        return fmt::format("{}.{}", layer.torch, is_bias ? "bias" : "weight");
      case VggishLayout::kKeras:
        return fmt::format("{}/{}", layer.keras, is_bias ? "bias" : "kernel");
    }
  }
  assert(false);
  return {};
}

NamedTensors from_published_vggish(const NamedTensors& found, VggishLayout layout,
                                   const std::string& where, double& width) {
  width = width_of(found, layout);
  const TensorShapes shapes = vggish_shapes(width);
  TensorShapes expected;
  for (const auto& [name, shape] : shapes) {
    expected[vggish_published_name(name, layout)] = shape_in(layout, shape);
  }
  check_tensors(found, expected, where);
  NamedTensors out;
  for (const auto& [name, shape] : shapes) {
    out[name] = from_layout(layout, found.at(vggish_published_name(name, layout)));
  }
  return out;
}

Weights read_published_vggish(const std::filesystem::path& path) {
  const WeightsFormat format = weights_format(path);
  NamedTensors found = read_any_weights(path);
  // A whole torchvggish model has these beside the network.
  auto vectors = found.extract("pproc.pca_eigen_vectors");
  auto means = found.extract("pproc.pca_means");
  double width = 1;
  Weights weights;
  weights.architecture = "vggish";
  weights.tensors = from_published_vggish(
      found, layout_of(format),
      fmt::format("{}: VGGish as {}:", path.string(), format_name(format)), width);
  found.clear();
  weights.config = {{"width", width}};
  weights.source = {{"kind", "imported"},
                    {"file", path.filename().string()},
                    {"format", format_name(format)},
                    {"file_sha256", sha256_of_file(path)},
                    {"trained_on", "YouTube-8M (a preliminary version, not released)"}};
  const std::filesystem::path pca = path.parent_path() / "vggish_pca_params.npz";
  if (std::filesystem::exists(pca)) {
    const NpzFile file(pca);
    add_pca(weights.tensors, from_npz(file, "pca_eigen_vectors"),
            flat_means(from_npz(file, "pca_means")));
    weights.source["pca_sha256"] = sha256_of_file(pca);
  } else if (vectors && means) {
    add_pca(weights.tensors, vectors.mapped(), flat_means(means.mapped()));
  }
  check_vggish_weights(weights, path.string());
  return weights;
}

}  // namespace musicrep

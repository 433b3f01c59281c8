#include "nn/state.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace musicrep {
namespace {

/// Calls visit(name, tensor) for every parameter and every buffer that is not a counter.
template <typename Visit>
void visit_state(const torch::nn::Module& model, const Visit& visit) {
  for (const auto& p : model.named_parameters()) visit(p.key(), p.value());
  for (const auto& b : model.named_buffers()) {
    if (b.value().is_floating_point()) visit(b.key(), b.value());
  }
}

std::vector<std::size_t> shape_of(const torch::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

}  // namespace

NamedTensors state_of(const torch::nn::Module& model) {
  NamedTensors tensors;
  visit_state(model, [&](const std::string& name, const torch::Tensor& tensor) {
    tensors.emplace(name, to_float_tensor(tensor));
  });
  return tensors;
}

TensorShapes shapes_of(const torch::nn::Module& model) {
  TensorShapes shapes;
  visit_state(model, [&](const std::string& name, const torch::Tensor& tensor) {
    shapes.emplace(name, shape_of(tensor));
  });
  return shapes;
}

void load_state(torch::nn::Module& model, const NamedTensors& tensors, const std::string& where) {
  check_tensors(tensors, shapes_of(model), where);
  torch::NoGradGuard no_grad;
  visit_state(model, [&](const std::string& name, torch::Tensor tensor) {
    tensor.copy_(to_torch(tensors.at(name)));
  });
}

std::size_t count_parameters(const torch::nn::Module& model) {
  std::size_t count = 0;
  for (const torch::Tensor& p : model.parameters()) count += static_cast<std::size_t>(p.numel());
  return count;
}

FloatTensor to_float_tensor(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  const float* begin = values.data_ptr<float>();
  return {shape_of(values), {begin, begin + values.numel()}};
}

torch::Tensor to_torch(const FloatTensor& tensor) {
  torch::Tensor out = torch::empty(
      std::vector<std::int64_t>(tensor.shape.begin(), tensor.shape.end()), torch::kFloat);
  assert(static_cast<std::size_t>(out.numel()) == tensor.values.size());
  std::ranges::copy(tensor.values, out.data_ptr<float>());
  return out;
}

}  // namespace musicrep

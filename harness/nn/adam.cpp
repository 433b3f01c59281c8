#include "nn/adam.h"

#include <cmath>
#include <cstddef>

#include "musicrep/error.h"
#include "nn/adam_update.h"
#include "nn/state.h"

namespace musicrep {
Adam::Adam(torch::nn::Module& model, const TrainerConfig& config) : config_(config) {
  for (const auto& p : model.named_parameters()) {
    if (!p.value().requires_grad()) continue;
    parameters_.push_back({p.key(), p.value(), torch::zeros_like(p.value().detach()),
                           torch::zeros_like(p.value().detach())});
  }
}

bool Adam::in_one_pass(const Moving& p) {
  return p.parameter.is_cpu() && p.parameter.scalar_type() == torch::kFloat &&
         p.parameter.is_contiguous() && p.first_moment.is_contiguous() &&
         p.second_moment.is_contiguous();
}

void Adam::zero_grad() {
  for (Moving& p : parameters_) p.parameter.mutable_grad() = torch::Tensor();
}

double Adam::clip() {
  torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> norms;
  for (const Moving& p : parameters_) {
    if (p.parameter.grad().defined()) norms.push_back(p.parameter.grad().norm());
  }
  if (norms.empty()) return 0;
  const double norm = torch::stack(norms).norm().item<double>();
  if (config_.clip_norm > 0 && norm > config_.clip_norm) {
    for (Moving& p : parameters_) {
      if (p.parameter.grad().defined()) p.parameter.mutable_grad().mul_(config_.clip_norm / norm);
    }
  }
  return norm;
}

void Adam::step(double learning_rate) {
  torch::NoGradGuard no_grad;
  for (Moving& p : parameters_) {
    torch::Tensor gradient = p.parameter.grad();
    if (!gradient.defined()) continue;
    ++p.updates;
    const auto t = static_cast<double>(p.updates);
    const double decay = config_.weight_decay > 0 && p.parameter.dim() >= 2
                             ? 1 - learning_rate * config_.weight_decay
                             : 1;
    const double step_size = learning_rate / (1 - std::pow(config_.beta1, t));
    const double scale = std::sqrt(1 - std::pow(config_.beta2, t));
    if (in_one_pass(p)) {
      gradient = gradient.contiguous();
      adam_update({.parameter = p.parameter.data_ptr<float>(),
                   .first = p.first_moment.data_ptr<float>(),
                   .second = p.second_moment.data_ptr<float>(),
                   .gradient = gradient.data_ptr<float>(),
                   .n = static_cast<std::size_t>(p.parameter.numel()),
                   .beta1 = static_cast<float>(config_.beta1),
                   .beta2 = static_cast<float>(config_.beta2),
                   .rest1 = static_cast<float>(1 - config_.beta1),
                   .rest2 = static_cast<float>(1 - config_.beta2),
                   .l2 = static_cast<float>(config_.l2),
                   .decay = static_cast<float>(decay),
                   .scale = static_cast<float>(1 / scale),
                   .epsilon = static_cast<float>(config_.epsilon),
                   .step_size = static_cast<float>(step_size)});
      continue;
    }
    if (config_.l2 > 0) gradient = gradient.add(p.parameter, config_.l2);
    if (decay < 1) p.parameter.mul_(decay);
    p.first_moment.mul_(config_.beta1).add_(gradient, 1 - config_.beta1);
    p.second_moment.mul_(config_.beta2).addcmul_(gradient, gradient, 1 - config_.beta2);
    const torch::Tensor denominator = p.second_moment.sqrt().div_(scale).add_(config_.epsilon);
    p.parameter.addcdiv_(p.first_moment, denominator, -step_size);
  }
}

void Adam::save(Checkpoint& checkpoint) const {
  for (const Moving& p : parameters_) {
    checkpoint.first_moments.insert_or_assign(p.name, to_float_tensor(p.first_moment));
    checkpoint.second_moments.insert_or_assign(p.name, to_float_tensor(p.second_moment));
    checkpoint.updates.insert_or_assign(p.name, p.updates);
  }
}

void Adam::load(const Checkpoint& checkpoint, const std::string& where) {
  TensorShapes shapes;
  Problems problems;
  for (const Moving& p : parameters_) {
    shapes.emplace(
        p.name, std::vector<std::size_t>(p.parameter.sizes().begin(), p.parameter.sizes().end()));
    if (!checkpoint.updates.contains(p.name)) {
      problems.add("how often '" + p.name + "' was updated is missing");
    }
  }
  check_tensors(checkpoint.first_moments, shapes, where + ": first moments:");
  check_tensors(checkpoint.second_moments, shapes, where + ": second moments:");
  problems.throw_if_any(where + ":");
  for (Moving& p : parameters_) {
    p.first_moment.copy_(to_torch(checkpoint.first_moments.at(p.name)));
    p.second_moment.copy_(to_torch(checkpoint.second_moments.at(p.name)));
    p.updates = checkpoint.updates.at(p.name);
  }
}

}  // namespace musicrep

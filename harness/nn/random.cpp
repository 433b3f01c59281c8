#include "nn/random.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <map>
#include <string>

#include "core/random.h"

namespace musicrep {
namespace {

/// The next numbers of `generator`, by means that are the same on every processor: Torch fills
/// normal numbers in another way where there is AVX2.
Random drawn_from(torch::Generator& generator) {
  return Random(generator.get<at::CPUGeneratorImpl>()->random64());
}

template <typename Draw>
void fill(torch::Tensor parameter, const Draw& draw) {
  torch::Tensor values = torch::empty(parameter.sizes(), torch::kFloat);
  float* value = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) value[i] = static_cast<float>(draw());
  parameter.copy_(values);
}

/// Calls draw_weights(tensor, fan in, fan out) for each parameter of rank 2 or more.
template <typename DrawWeights>
void initialise(torch::nn::Module& model, const DrawWeights& draw_weights) {
  torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> parameters;
  for (const auto& p : model.named_parameters()) parameters.emplace(p.key(), p.value());
  for (auto& [name, parameter] : parameters) {
    if (parameter.dim() >= 2) {
      const std::int64_t out = parameter.size(0);
      const std::int64_t in = parameter.size(1);
      const std::int64_t field = parameter.numel() / (out * in);
      draw_weights(parameter, static_cast<double>(in * field), static_cast<double>(out * field));
    } else if (name.ends_with("bias")) {
      parameter.zero_();
    } else if (name.ends_with("weight")) {
      parameter.fill_(1);
    }
  }
}

}  // namespace

torch::Generator make_generator(std::uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

torch::Tensor dropout(const torch::Tensor& x, double p, torch::Generator& generator) {
  if (p == 0) return x;
  const torch::Tensor kept =
      torch::empty(x.sizes(), torch::kFloat).bernoulli_(1 - p, generator).div_(1 - p);
  return x * kept.to(x.options());
}

void initialise_glorot(torch::nn::Module& model, torch::Generator& generator) {
  Random random = drawn_from(generator);
  initialise(model, [&](const torch::Tensor& parameter, double fan_in, double fan_out) {
    const double limit = std::sqrt(6 / (fan_in + fan_out));
    fill(parameter, [&] { return limit * (2 * random.uniform() - 1); });
  });
}

void initialise_he(torch::nn::Module& model, torch::Generator& generator) {
  Random random = drawn_from(generator);
  initialise(model, [&](const torch::Tensor& parameter, double fan_in, double) {
    const double deviation = std::sqrt(2 / fan_in);
    fill(parameter, [&] { return deviation * random.normal(); });
  });
}

void initialise_truncated_normal(torch::nn::Module& model, torch::Generator& generator) {
  Random random = drawn_from(generator);
  initialise(model, [&](const torch::Tensor& parameter, double, double) {
    fill(parameter, [&] {
      double x = random.normal();
      while (std::abs(x) > 2) x = random.normal();
      return 0.02 * x;
    });
  });
}

}  // namespace musicrep

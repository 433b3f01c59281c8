#include "compare.h"

#include <algorithm>
#include <cmath>

#include "nn/random.h"

namespace musicrep {
namespace {

struct Computed {
  torch::Tensor evaluation;
  torch::Tensor training;
  std::vector<std::pair<std::string, torch::Tensor>> gradients;
};

Computed compute(const CheckedNetwork& network, torch::nn::Module& net, torch::Device device,
                 std::int64_t n) {
  Computed out;
  net.to(device);
  const torch::Tensor inputs = inputs_of(network, n).to(device);
  net.eval();
  {
    torch::NoGradGuard no_grad;
    out.evaluation = network.forward(net, inputs).to(torch::kCPU);
  }
  net.train();
  const torch::Tensor outputs = network.forward(net, inputs);
  out.training = outputs.detach().to(torch::kCPU);
  // Every output pulls in a direction of its own, so that no gradient cancels out.
  torch::Generator generator = make_generator(3);
  const torch::Tensor pull = torch::randn(outputs.sizes(), generator).to(device);
  (outputs * pull).mean().backward();
  for (const auto& p : net.named_parameters()) {
    if (p.value().grad().defined()) {
      out.gradients.emplace_back(p.key(), p.value().grad().to(torch::kCPU));
    }
  }
  return out;
}

/// NaN where either has one, so that it never counts as agreement.
double difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>() / a.abs().max().item<double>();
}

double length(const torch::Tensor& t) { return t.norm().item<double>(); }

/// std::max would lose a NaN.
bool exceeds(double value, double limit) { return std::isnan(value) || value > limit; }

}  // namespace

torch::Tensor inputs_of(const CheckedNetwork& network, std::int64_t n) {
  std::vector<std::int64_t> shape{n};
  shape.insert(shape.end(), network.shape.begin(), network.shape.end());
  torch::Generator generator = make_generator(2);
  return torch::randn(shape, generator);
}

std::shared_ptr<torch::nn::Module> made(const CheckedNetwork& network) {
  std::shared_ptr<torch::nn::Module> net = network.make();
  torch::Generator generator = make_generator(1);
  initialise_he(*net, generator);
  return net;
}

Agreement compare(const CheckedNetwork& network, torch::Device device, std::int64_t n, bool spoil) {
  const Computed here = compute(network, *made(network), torch::kCPU, n);
  const std::shared_ptr<torch::nn::Module> net = made(network);
  if (spoil) {
    torch::NoGradGuard no_grad;
    // All of them: what is compared may not touch some, such as words without a text.
    for (torch::Tensor& parameter : net->parameters()) parameter.mul_(1.1);
  }
  const Computed there = compute(network, *net, device, n);
  Agreement agreement{difference(here.evaluation, there.evaluation),
                      difference(here.training, there.training),
                      0,
                      {}};
  double whole = 0;
  for (const auto& [name, gradient] : here.gradients) whole = std::hypot(whole, length(gradient));
  for (std::size_t i = 0; i < here.gradients.size(); ++i) {
    const auto& [name, a] = here.gradients[i];
    const torch::Tensor& b = there.gradients.at(i).second;
    const double apart = length(a - b) / std::max(length(a), 1e-4 * whole);
    if (exceeds(apart, agreement.gradients)) {
      agreement.gradients = apart;
      agreement.worst_parameter = name;
      if (std::isnan(apart)) break;
    }
  }
  return agreement;
}

}  // namespace musicrep

#include "tag_net.h"

#include <utility>
#include <vector>

#include "core/random.h"
#include "nn/base_rates.h"
#include "nn/random.h"

namespace musicrep {
namespace {

constexpr std::int64_t kWider = 2;  // the first hidden layer, in units of the second

}  // namespace

TagNetworkImpl::TagNetworkImpl(std::int64_t inputs, std::int64_t units, std::int64_t tags)
    : first_(register_module("first", torch::nn::Linear(inputs, kWider * units))),
      second_(register_module("second", torch::nn::Linear(kWider * units, units))),
      tags_(register_module("tags", torch::nn::Linear(units, tags))) {}

torch::Tensor TagNetworkImpl::hidden(const torch::Tensor& x, const Dropout& dropout) {
  const auto dropped = [&](const torch::Tensor& state) { return dropout ? dropout(state) : state; };
  const torch::Tensor first = dropped(torch::gelu(first_->forward(x)));
  return dropped(torch::gelu(second_->forward(first)));
}

TagTraining::TagTraining(Rows train, Rows valid, std::int64_t units, double dropout,
                         std::uint64_t seed)
    : train_(std::move(train)),
      valid_(std::move(valid)),
      dropout_(dropout),
      net_(train_.inputs.size(1), units, train_.labels.size(1)) {
  torch::Generator generator = make_generator(derive_seed(seed, "cca tags initialisation"));
  initialise_glorot(*net_, generator);
}

std::size_t TagTraining::n_items() const { return static_cast<std::size_t>(train_.inputs.size(0)); }

torch::Tensor TagTraining::loss(Batch& batch) {
  const torch::Tensor items =
      torch::tensor(std::vector<std::int64_t>(batch.items.begin(), batch.items.end()));
  const auto drop = [&](const torch::Tensor& x) {
    return musicrep::dropout(x, dropout_, batch.generator);
  };
  const torch::Tensor hidden = net_->hidden(train_.inputs.index_select(0, items), drop);
  return torch::binary_cross_entropy_with_logits(net_->tags(hidden),
                                                 train_.labels.index_select(0, items));
}

double TagTraining::validation_loss() {
  if (valid_.inputs.size(0) == 0) return TrainingTask::validation_loss();
  return torch::binary_cross_entropy_with_logits(net_->tags(net_->hidden(valid_.inputs)),
                                                 valid_.labels)
      .item<double>();
}

double TagTraining::base_loss() {
  if (valid_.inputs.size(0) == 0) return TrainingTask::base_loss();
  return base_rate_loss(train_.labels, valid_.labels);
}

double TagTraining::average_precision() {
  if (valid_.inputs.size(0) == 0) return TrainingTask::average_precision();
  return mean_average_precision(net_->tags(net_->hidden(valid_.inputs)), valid_.labels);
}

torch::Tensor TagTraining::hidden(const torch::Tensor& inputs) { return net_->hidden(inputs); }

}  // namespace musicrep

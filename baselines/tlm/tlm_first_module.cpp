#include "tlm/tlm_first_module.h"

#include <cassert>
#include <cmath>
#include <memory>
#include <vector>

#include "tlm/tlm_first.h"

namespace musicrep::tlm {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kNewShare = 0.1;  // of a batch in the running statistics: Torch's own

/// Spectrograms in their borders of zeros.
class Padded {
 public:
  explicit Padded(const torch::Tensor& mels)
      : rows(static_cast<std::size_t>(mels.size(2))), cols(static_cast<std::size_t>(mels.size(3))) {
    assert(mels.size(1) == 1 && rows % kFirstPoolRows == 0 && cols % 16 == 0);
    all_ = torch::zeros({mels.size(0), mels.size(2) + 2, mels.size(3) + 2});
    all_.narrow(1, 1, mels.size(2)).narrow(2, 1, mels.size(3)).copy_(mels.select(1, 0));
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(all_.size(0)); }
  [[nodiscard]] FirstMap map(std::size_t i) const {
    return {rows, cols, all_.data_ptr<float>() + i * (rows + 2) * (cols + 2)};
  }
  /// Places in all.
  [[nodiscard]] double places() const { return static_cast<double>(size() * rows * cols); }

  std::size_t rows;
  std::size_t cols;

 private:
  torch::Tensor all_;
};

/// Mean [9] and covariance [9, 9] of the patches of all places.
struct Patches {
  torch::Tensor mean;
  torch::Tensor covariance;
};

Patches patches_of(const Padded& input, const FirstLoops& loops) {
  std::vector<double> sums(kTaps);
  std::vector<double> products(kTapPairs);
  for (std::size_t i = 0; i < input.size(); ++i) {
    loops.moments({input.map(i), sums.data(), products.data()});
  }
  Patches out = {torch::tensor(sums, torch::kDouble) / input.places(),
                 torch::empty({kTaps, kTaps}, torch::kDouble)};
  auto covariance = out.covariance.accessor<double, 2>();
  auto pair = products.cbegin();
  for (std::int64_t a = 0; a < static_cast<std::int64_t>(kTaps); ++a) {
    for (std::int64_t b = a; b < static_cast<std::int64_t>(kTaps); ++b, ++pair) {
      covariance[a][b] = covariance[b][a] = *pair / input.places();
    }
  }
  out.covariance -= torch::outer(out.mean, out.mean);
  return out;
}

/// Convolution and normalisation in one: [9, 32] and [32].
struct Folded {
  torch::Tensor kernel;
  torch::Tensor bias;
};

Folded folded(const torch::Tensor& taps, const torch::Tensor& scale, const torch::Tensor& shift) {
  return {(taps * scale.unsqueeze(1)).t().to(torch::kFloat).contiguous(),
          shift.to(torch::kFloat).contiguous()};
}

torch::Tensor pooled(const Padded& input, const FirstLoops& loops, const Folded& folded,
                     std::vector<std::uint8_t>& where) {
  const std::size_t each = input.rows / kFirstPoolRows * (input.cols / kFirstPoolCols) * kMaps;
  where.resize(input.size() * each);
  torch::Tensor out = torch::empty({static_cast<std::int64_t>(input.size()),
                                    static_cast<std::int64_t>(input.rows / kFirstPoolRows),
                                    static_cast<std::int64_t>(input.cols / kFirstPoolCols),
                                    static_cast<std::int64_t>(kMaps)});
  for (std::size_t i = 0; i < input.size(); ++i) {
    loops.forward({input.map(i), folded.kernel.data_ptr<float>(), folded.bias.data_ptr<float>(),
                   out.data_ptr<float>() + i * each, where.data() + i * each});
  }
  return out.permute({0, 3, 1, 2});
}

/// What the way back needs beside tensors.
struct Kept {
  explicit Kept(const torch::Tensor& mels) : input(mels) {}
  Padded input;
  Patches patches;
  torch::Tensor taps;       // [32, 9] double
  torch::Tensor deviation;  // [32] double: the square root of variance + epsilon
  torch::Tensor factor;     // [32] double: the normalisation's weight
  std::vector<std::uint8_t> where;
};

class FirstBlock : public torch::autograd::Function<FirstBlock> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& weight,
                               const torch::Tensor& bias, const torch::Tensor& factor,
                               const torch::Tensor& offset, const std::shared_ptr<Kept>& kept) {
    (void)bias;  // the batch's mean takes it away again
    const FirstLoops& loops = first_loops().back();
    kept->taps = weight.detach().to(torch::kDouble).flatten(1);
    kept->factor = factor.detach().to(torch::kDouble);
    const torch::Tensor scale = kept->factor / kept->deviation;
    const torch::Tensor shift =
        offset.detach().to(torch::kDouble) - scale * torch::mv(kept->taps, kept->patches.mean);
    context->saved_data["kept"] = torch::IValue::make_capsule(c10::make_intrusive<Holder>(kept));
    return pooled(kept->input, loops, folded(kept->taps, scale, shift), kept->where);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto holder = context->saved_data["kept"].toCapsule();
    const Kept& kept = *static_cast<const Holder&>(*holder).kept;
    const torch::Tensor gradient =
        gradients[0].contiguous(torch::MemoryFormat::ChannelsLast).permute({0, 2, 3, 1});
    const std::size_t each = kept.where.size() / kept.input.size();
    torch::Tensor sums = torch::zeros(kMaps, torch::kDouble);
    torch::Tensor products = torch::zeros({kTaps, kMaps}, torch::kDouble);
    for (std::size_t i = 0; i < kept.input.size(); ++i) {
      first_loops().back().backward({kept.input.map(i), gradient.data_ptr<float>() + i * each,
                                     kept.where.data() + i * each, sums.data_ptr<double>(),
                                     products.data_ptr<double>()});
    }
    // [32, 9]: the gradient with the patches' deviations from their mean.
    const torch::Tensor centred = products.t() - torch::outer(sums, kept.patches.mean);
    const torch::Tensor of_factor = (kept.taps * centred).sum(1) / kept.deviation;
    // Mean over all places of what is normalised with the patches.
    const torch::Tensor spread =
        torch::mm(kept.taps, kept.patches.covariance) / kept.deviation.unsqueeze(1);
    const torch::Tensor of_weight =
        (kept.factor / kept.deviation).unsqueeze(1) * (centred - of_factor.unsqueeze(1) * spread);
    const auto as = [](const torch::Tensor& x, torch::IntArrayRef shape) {
      return x.to(torch::kFloat).view(shape);
    };
    const auto maps = static_cast<std::int64_t>(kMaps);
    return {as(of_weight, {maps, 1, 3, 3}), torch::zeros({maps}), as(of_factor, {maps}),
            as(sums, {maps}), torch::Tensor()};
  }

 private:
  struct Holder : torch::CustomClassHolder {
    explicit Holder(std::shared_ptr<Kept> k) : kept(std::move(k)) {}
    std::shared_ptr<Kept> kept;
  };
};

}  // namespace

torch::Tensor fused_first_block(TlmBlock& block, const torch::Tensor& mels) {
  const torch::nn::Conv2d& conv = block->convolution();
  const torch::nn::BatchNorm2d& norm = block->normalisation();
  const double epsilon = norm->options.eps();
  if (!block->is_training()) {
    const torch::NoGradGuard no_grad;
    const torch::Tensor scale = norm->weight.to(torch::kDouble) /
                                torch::sqrt(norm->running_var.to(torch::kDouble) + epsilon);
    const torch::Tensor shift =
        norm->bias.to(torch::kDouble) +
        scale * (conv->bias.to(torch::kDouble) - norm->running_mean.to(torch::kDouble));
    std::vector<std::uint8_t> where;
    return pooled(Padded(mels), first_loops().back(),
                  folded(conv->weight.to(torch::kDouble).flatten(1), scale, shift), where);
  }
  const auto kept = std::make_shared<Kept>(mels);
  {
    const torch::NoGradGuard no_grad;
    kept->patches = patches_of(kept->input, first_loops().back());
    const torch::Tensor taps = conv->weight.to(torch::kDouble).flatten(1);
    const torch::Tensor mean = torch::mv(taps, kept->patches.mean) + conv->bias.to(torch::kDouble);
    const torch::Tensor variance =
        (torch::mm(taps, kept->patches.covariance) * taps).sum(1).clamp_min(0);
    kept->deviation = torch::sqrt(variance + epsilon);
    const double n = kept->input.places();
    norm->running_mean.mul_(1 - kNewShare).add_(mean.to(torch::kFloat), kNewShare);
    norm->running_var.mul_(1 - kNewShare).add_(variance.to(torch::kFloat), kNewShare * n / (n - 1));
    norm->num_batches_tracked.add_(1);
  }
  return FirstBlock::apply(conv->weight, conv->bias, norm->weight, norm->bias, kept);
}

}  // namespace musicrep::tlm

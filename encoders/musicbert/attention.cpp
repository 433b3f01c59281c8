#include "attention.h"

namespace musicrep {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

/// Scores from 0 downwards. What lies 4 below the highest has no weight in either function, so that
/// much less (-infinity) may stand as -4: then all sums are finite.
torch::Tensor from_highest(const torch::Tensor& scores) {
  return (scores - scores.amax(-1, true)).clamp_min(-4);
}

torch::Tensor sorted(const torch::Tensor& z) { return std::get<0>(torch::sort(z, -1, true)); }

/// 1, 2, ... n, in the type of `z`.
torch::Tensor counts(const torch::Tensor& z) {
  return torch::arange(1, z.size(-1) + 1, z.options().requires_grad(false));
}

/// Of running quantities [..., n], those of the largest k for which `inside` holds, [..., 1].
torch::Tensor at_last(const torch::Tensor& running, const torch::Tensor& inside) {
  return running.gather(-1, inside.sum(-1, true) - 1);
}

torch::Tensor project(const torch::Tensor& scores) {
  const torch::Tensor z = from_highest(scores);
  const torch::Tensor descending = sorted(z);
  const torch::Tensor sums = descending.cumsum(-1) - 1;
  const torch::Tensor k = counts(z);
  const torch::Tensor tau = at_last(sums / k, k * descending > sums);
  return (z - tau).clamp_min(0);
}

torch::Tensor project_squared(const torch::Tensor& scores) {
  const torch::Tensor z = from_highest(scores) / 2;
  const torch::Tensor descending = sorted(z);
  const torch::Tensor k = counts(z);
  const torch::Tensor mean = descending.cumsum(-1) / k;
  const torch::Tensor mean_square = descending.square().cumsum(-1) / k;
  const torch::Tensor within = (1 - k * (mean_square - mean.square())) / k;
  const torch::Tensor tau = mean - within.clamp_min(0).sqrt();
  return (z - at_last(tau, tau <= descending)).clamp_min(0).square();
}

/// `gradient` times diag(s) - s s' / sum(s).
torch::Tensor times_jacobian(const torch::Tensor& gradient, const torch::Tensor& s) {
  const torch::Tensor mean = (gradient * s).sum(-1, true) / s.sum(-1, true);
  return s * (gradient - mean);
}

struct Sparsemax : torch::autograd::Function<Sparsemax> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& scores) {
    torch::Tensor weights = project(scores);
    context->save_for_backward({weights});
    return weights;
  }
  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const torch::Tensor weights = context->get_saved_variables()[0];
    return {times_jacobian(gradients[0], (weights > 0).to(gradients[0].scalar_type()))};
  }
};

struct Entmax15 : torch::autograd::Function<Entmax15> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& scores) {
    torch::Tensor weights = project_squared(scores);
    context->save_for_backward({weights});
    return weights;
  }
  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    return {times_jacobian(gradients[0], context->get_saved_variables()[0].sqrt())};
  }
};

/// Thresholds want more digits than mixed precision has.
torch::Tensor precise(const torch::Tensor& scores) {
  return scores.scalar_type() == torch::kDouble ? scores : scores.to(torch::kFloat);
}

}  // namespace

torch::Tensor sparsemax(const torch::Tensor& scores) { return Sparsemax::apply(precise(scores)); }

torch::Tensor entmax15(const torch::Tensor& scores) { return Entmax15::apply(precise(scores)); }

torch::Tensor attention_weights(const torch::Tensor& scores, AttentionKind kind) {
  switch (kind) {
    case AttentionKind::kEntmax15:
      return entmax15(scores);
    case AttentionKind::kSparsemax:
      return sparsemax(scores);
    case AttentionKind::kSoftmax:
      break;
  }
  return torch::softmax(precise(scores), -1);
}

torch::Tensor attention_mask(const torch::Tensor& present, const torch::Tensor& global,
                             std::int64_t window) {
  const std::int64_t n = present.size(1);
  const torch::Tensor keys = present.unsqueeze(1).expand({present.size(0), n, n});
  if (window == 0) return keys;
  const torch::Tensor place = torch::arange(n, present.options().dtype(torch::kLong));
  const torch::Tensor near = (place.unsqueeze(1) - place.unsqueeze(0)).abs() <= window / 2;
  return keys & (near | global.unsqueeze(0) | global.unsqueeze(1));
}

}  // namespace musicrep

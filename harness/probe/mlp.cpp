#include "probe/mlp.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "core/stop.h"

namespace musicrep {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

void fill(std::span<double> values, double bound, Random& random) {
  for (double& v : values) v = bound * (2 * random.uniform() - 1);
}

void add_bias(Matrix& x, const std::vector<double>& bias) {
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) x.at(i, k) += bias[k];
  }
}

Matrix hidden_units(const Mlp& network, const Matrix& x) {
  Matrix out = product(x, network.hidden);
  add_bias(out, network.hidden_bias);
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (double& v : out.row(i)) v = std::max(v, 0.0);
  }
  return out;
}

Matrix linear_outputs(const Mlp& network, const Matrix& hidden) {
  Matrix out = product(hidden, network.output);
  add_bias(out, network.output_bias);
  return out;
}

/// Of one item: the loss, and in place of the outputs their derivatives.
double item_loss(MlpLoss loss, std::span<double> outputs, std::span<const double> y) {
  double sum = 0;
  switch (loss) {
    case MlpLoss::kBinomial:
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        const double z = outputs[k];
        const double smaller = std::exp(-std::abs(z));
        sum += std::max(z, 0.0) - z * y[k] + std::log1p(smaller);
        outputs[k] = (z >= 0 ? 1 / (1 + smaller) : smaller / (1 + smaller)) - y[k];
      }
      return sum;
    case MlpLoss::kMultinomial: {
      const double most = *std::ranges::max_element(outputs);
      double own = 0;
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        own += y[k] * (outputs[k] - most);
        outputs[k] = std::exp(outputs[k] - most);
        sum += outputs[k];
      }
      for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k] = outputs[k] / sum - y[k];
      return std::log(sum) - own;
    }
    case MlpLoss::kSquared:
      break;
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    outputs[k] -= y[k];
    sum += outputs[k] * outputs[k] / 2 / static_cast<double>(outputs.size());
  }
  return sum;
}

std::vector<double> column_means(const Matrix& x) {
  std::vector<double> out(x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) out[k] += x.at(i, k);
  }
  for (double& v : out) v /= static_cast<double>(x.rows());
  return out;
}

/// The gradient of a layer's weights: inputs' times derivatives, with the penalty's part.
Matrix weight_gradient(const Matrix& inputs, const Matrix& by_output, const Matrix& weights,
                       double penalty) {
  Matrix out = transposed_product(inputs, by_output);
  const auto n = static_cast<double>(inputs.rows());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t k = 0; k < out.cols(); ++k) {
      out.at(i, k) = (out.at(i, k) + penalty * weights.at(i, k)) / n;
    }
  }
  return out;
}

/// Derivatives by the hidden units before they are rectified.
Matrix hidden_derivatives(const Mlp& network, const Matrix& hidden, const Matrix& by_output) {
  Matrix transposed(network.output.cols(), network.output.rows());
  for (std::size_t i = 0; i < transposed.rows(); ++i) {
    for (std::size_t k = 0; k < transposed.cols(); ++k) {
      transposed.at(i, k) = network.output.at(k, i);
    }
  }
  Matrix out = product(by_output, transposed);
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t k = 0; k < out.cols(); ++k) {
      if (hidden.at(i, k) == 0) out.at(i, k) = 0;
    }
  }
  return out;
}

/// One list of parameters and Adam's two running means of its gradients.
class Adam {
 public:
  explicit Adam(std::span<double> values)
      : values_(values), mean_(values.size()), square_(values.size()) {}
  void step(std::span<const double> gradient, double rate) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      mean_[i] = kBeta1 * mean_[i] + (1 - kBeta1) * gradient[i];
      square_[i] = kBeta2 * square_[i] + (1 - kBeta2) * gradient[i] * gradient[i];
      values_[i] -= rate * mean_[i] / (std::sqrt(square_[i]) + kEpsilon);
    }
  }

 private:
  std::span<double> values_;
  std::vector<double> mean_;
  std::vector<double> square_;
};

std::span<double> entries(Matrix& m) { return {m.data(), m.rows() * m.cols()}; }

double squares(const Matrix& m) {
  return std::inner_product(m.values().begin(), m.values().end(), m.values().begin(), 0.0);
}

Matrix rows_at(const Matrix& x, std::span<const std::size_t> rows) {
  Matrix out(rows.size(), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(x.row(rows[i]), out.row(i).begin());
  }
  return out;
}

class Trainer {
 public:
  Trainer(Mlp& network, const MlpOptions& options)
      : network_(network),
        options_(options),
        hidden_(entries(network.hidden)),
        hidden_bias_(network.hidden_bias),
        output_(entries(network.output)),
        output_bias_(network.output_bias) {}

  /// One step; the batch's mean loss with the penalty, before it.
  double step(const Matrix& x, const Matrix& y) {
    const auto n = static_cast<double>(x.rows());
    const Matrix hidden = hidden_units(network_, x);
    Matrix by_output = linear_outputs(network_, hidden);
    double loss = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
      loss += item_loss(options_.loss, by_output.row(i), y.row(i));
    }
    const double penalty =
        options_.penalty / 2 * (squares(network_.hidden) + squares(network_.output));
    const Matrix by_hidden = hidden_derivatives(network_, hidden, by_output);
    const Matrix of_output = weight_gradient(hidden, by_output, network_.output, options_.penalty);
    const Matrix of_hidden = weight_gradient(x, by_hidden, network_.hidden, options_.penalty);
    ++n_steps_;
    const auto t = static_cast<double>(n_steps_);
    const double rate =
        options_.learning_rate * std::sqrt(1 - std::pow(kBeta2, t)) / (1 - std::pow(kBeta1, t));
    hidden_.step(of_hidden.values(), rate);
    hidden_bias_.step(column_means(by_hidden), rate);
    output_.step(of_output.values(), rate);
    output_bias_.step(column_means(by_output), rate);
    return loss / n + penalty / n;
  }

 private:
  Mlp& network_;
  const MlpOptions& options_;
  Adam hidden_;
  Adam hidden_bias_;
  Adam output_;
  Adam output_bias_;
  std::int64_t n_steps_ = 0;
};

}  // namespace

Mlp make_mlp(std::size_t d, std::size_t n_outputs, const MlpOptions& options, Random& random) {
  const auto bound = [](double factor, std::size_t in, std::size_t out) {
    return std::sqrt(factor / static_cast<double>(in + out));
  };
  Mlp out{Matrix(d, options.n_hidden), std::vector<double>(options.n_hidden),
          Matrix(options.n_hidden, n_outputs), std::vector<double>(n_outputs)};
  const double of_hidden = bound(6, d, options.n_hidden);
  fill(entries(out.hidden), of_hidden, random);
  fill(out.hidden_bias, of_hidden, random);
  const double of_output = bound(6, options.n_hidden, n_outputs);
  fill(entries(out.output), of_output, random);
  fill(out.output_bias, of_output, random);
  return out;
}

MlpTraining train_mlp(Mlp& network, const Matrix& x, const Matrix& y, const MlpOptions& options,
                      Random* order) {
  const std::size_t n = x.rows();
  const std::size_t batch = std::min(options.batch_size, n);
  std::vector<std::size_t> items(n);
  std::iota(items.begin(), items.end(), std::size_t{0});
  Trainer trainer(network, options);
  MlpTraining out;
  double best = std::numeric_limits<double>::infinity();
  int without_gain = 0;
  while (out.epochs < options.max_epochs) {
    throw_if_stop_requested();
    if (order != nullptr) items = permutation(n, *order);
    double sum = 0;
    for (std::size_t first = 0; first < n; first += batch) {
      const std::span<const std::size_t> some =
          std::span(items).subspan(first, std::min(batch, n - first));
      sum += trainer.step(rows_at(x, some), rows_at(y, some)) * static_cast<double>(some.size());
    }
    ++out.epochs;
    out.loss = sum / static_cast<double>(n);
    without_gain = out.loss > best - options.tolerance ? without_gain + 1 : 0;
    best = std::min(best, out.loss);
    if (without_gain > options.patience) {
      out.converged = true;
      break;
    }
  }
  return out;
}

Matrix outputs_of(const Mlp& network, const Matrix& x) {
  return linear_outputs(network, hidden_units(network, x));
}

}  // namespace musicrep

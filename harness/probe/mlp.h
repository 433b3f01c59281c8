// A perceptron of one hidden layer and its training by Adam, by the rules of scikit-learn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "musicrep/matrix.h"
#include "probe/dense_split.h"

namespace musicrep {

enum class MlpLoss {
  kBinomial,     ///< log loss of each output, summed over outputs
  kMultinomial,  ///< log loss of the soft-max of all outputs
  kSquared,      ///< half the squared error, mean over outputs
};

struct MlpOptions {
  MlpLoss loss = MlpLoss::kBinomial;
  std::size_t n_hidden = 100;
  std::size_t batch_size = 200;  ///< at most; all items where there are fewer
  double penalty = 1e-4;         ///< half of it times the squared weights, over the batch's items
  double learning_rate = 1e-3;   ///< Adam's, with 0.9, 0.999 and 1e-8 (Kingma and Ba 2015)
  double tolerance = 1e-4;       ///< by which an epoch's loss must fall below the best so far
  int patience = 10;             ///< epochs in a row that may not, before it ends
  std::int64_t max_epochs = 200;
};

/// Rectified units between two linear layers.
struct Mlp {
  Matrix hidden;                    ///< [d, n_hidden]
  std::vector<double> hidden_bias;  ///< [n_hidden]
  Matrix output;                    ///< [n_hidden, n_outputs]
  std::vector<double> output_bias;  ///< [n_outputs]
};

/// Weights and biases uniform within +-sqrt(6 / (inputs + outputs)) of each layer (Glorot and
/// Bengio 2010).
Mlp make_mlp(std::size_t d, std::size_t n_outputs, const MlpOptions& options, Random& random);

struct MlpTraining {
  double loss = 0;  ///< of the last epoch, mean over items, with the penalty
  std::int64_t epochs = 0;
  bool converged = false;  ///< the loss stopped falling before max_epochs
};

/// x [n, d], y [n, n_outputs]. The items of each epoch come in an order drawn from `order`; in
/// their own where it is null.
MlpTraining train_mlp(Mlp& network, const Matrix& x, const Matrix& y, const MlpOptions& options,
                      Random* order);

/// [n, n_outputs] before the last function: log-odds, or values.
Matrix outputs_of(const Mlp& network, const Matrix& x);

}  // namespace musicrep

// Whether a network computes on a device what it computes on the CPU.
#pragma once

#include "checked_network.h"

namespace musicrep {

/// The most by which the two may differ, relative to the size of what is compared.
constexpr double kTolerance = 1e-3;

/// How far a device is from the CPU with the same weights and inputs.
struct Agreement {
  double evaluation = 0;  ///< outputs in evaluation mode: greatest difference / greatest value
  double training = 0;    ///< outputs in training mode: the same
  /// Gradients: for each parameter the length of the difference / its length; the worst of them.
  /// Those without a share in the whole (a bias before a normalisation) count by 1e-4 of the whole.
  double gradients = 0;
  std::string worst_parameter;
  [[nodiscard]] bool good() const {
    return evaluation <= kTolerance && training <= kTolerance && gradients <= kTolerance;
  }
};

/// Compares on `n` items. `spoil` changes the weights of the second network: they must not agree.
Agreement compare(const CheckedNetwork& network, torch::Device device, std::int64_t n, bool spoil);

}  // namespace musicrep

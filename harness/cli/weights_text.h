// Weights as text for terminals.
#pragma once

#include "weights/weights_file.h"

namespace musicrep::cli {

/// A line a tensor: name, shape, number of values; then how many there are in all.
void print_tensors(const NamedTensors& tensors);

/// The content of a weights file: network, configuration, source, sizes, SHA-256.
void print_summary(const Weights& weights);

}  // namespace musicrep::cli

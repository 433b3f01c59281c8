// How fast a network is.
#pragma once

#include "checked_network.h"

namespace musicrep {

/// Items a second of forward passes of `batch` items, measured for about `seconds`.
double forward_rate(const CheckedNetwork& network, torch::Device device, bool mixed,
                    std::int64_t batch, double seconds);

/// Steps a second of train() with `batch` items a step, over `steps` steps after three.
double training_rate(const CheckedNetwork& network, torch::Device device, bool mixed,
                     std::int64_t batch, std::size_t steps);

}  // namespace musicrep

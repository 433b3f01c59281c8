// Whether LibTorch computes rightly on this processor.
#pragma once

namespace musicrep {

/// Compares a product and a convolution, forwards and backwards, with plain loops, once a program.
/// Builds of OpenBLAS are known that compute wrongly on processors newer than themselves. Throws
/// ConfigError that says what to set where they differ.
void check_torch_computes();

}  // namespace musicrep

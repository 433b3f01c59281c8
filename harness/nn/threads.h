// How many threads a network works on. No torch in here.
#pragma once

namespace musicrep {

/// From now on the calling thread computes alone: neither Torch nor BLAS hands work on. Parallel
/// work is over items and trainings instead, so that bits do not depend on the machine. Called at
/// the beginning of every forward pass and training; costs next to nothing when called again.
void use_one_thread();

}  // namespace musicrep

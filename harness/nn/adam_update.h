// One step of Adam for one parameter, in one pass over memory; Torch's operations make eight.
#pragma once

#include <cstddef>

namespace musicrep {

/// One parameter's numbers, and those of the step.
struct AdamUpdate {
  float* parameter;       ///< [n], as are the three below
  float* first;           ///< moment
  float* second;          ///< moment
  const float* gradient;  ///< not scaled any more
  std::size_t n;
  float beta1, beta2;
  float rest1, rest2;  ///< 1 - beta
  float l2;            ///< times the parameter, added to the gradient
  float decay;         ///< by which the parameter is multiplied first
  float scale;         ///< by which the root of the second moment is: its correction for bias
  float epsilon;
  float step_size;  ///< the rate, with the first moment's correction
};

/// The same bits on every instruction set.
void adam_update(const AdamUpdate& update);

}  // namespace musicrep

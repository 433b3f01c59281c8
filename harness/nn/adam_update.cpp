#include "nn/adam_update.h"

namespace musicrep {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
void adam_update(const AdamUpdate& update) {
  const AdamUpdate u = update;
  float* __restrict__ parameter = u.parameter;
  float* __restrict__ first = u.first;
  float* __restrict__ second = u.second;
  const float* __restrict__ gradient = u.gradient;
  for (std::size_t i = 0; i < u.n; ++i) {
    const float g = gradient[i] + u.l2 * parameter[i];
    const float m = u.beta1 * first[i] + u.rest1 * g;
    const float v = u.beta2 * second[i] + u.rest2 * (g * g);
    first[i] = m;
    second[i] = v;
    parameter[i] =
        u.decay * parameter[i] - u.step_size * m / (__builtin_sqrtf(v) * u.scale + u.epsilon);
  }
}

}  // namespace musicrep

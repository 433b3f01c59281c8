#include "tlm/tlm_first.h"

namespace musicrep::tlm {

#define MUSICREP_DECLARE_FIRST(isa)          \
  namespace isa {                            \
  void first_moments(const FirstMoments&);   \
  void first_forward(const FirstForward&);   \
  void first_backward(const FirstBackward&); \
  }
MUSICREP_DECLARE_FIRST(baseline)
#if defined(__x86_64__)
MUSICREP_DECLARE_FIRST(avx2)
MUSICREP_DECLARE_FIRST(avx512)
#endif
#undef MUSICREP_DECLARE_FIRST

const std::vector<FirstLoops>& first_loops() {
  static const std::vector<FirstLoops> all = [] {
    std::vector<FirstLoops> out = {
        {"baseline", baseline::first_moments, baseline::first_forward, baseline::first_backward}};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
      out.push_back({"avx2", avx2::first_moments, avx2::first_forward, avx2::first_backward});
    }
    if (__builtin_cpu_supports("avx512f")) {
      out.push_back(
          {"avx512", avx512::first_moments, avx512::first_forward, avx512::first_backward});
    }
#endif
    return out;
  }();
  return all;
}

}  // namespace musicrep::tlm

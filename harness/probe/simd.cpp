#include "probe/simd.h"

#if defined(__x86_64__)
#define MUSICREP_X86 1
#endif

namespace musicrep::simd {

#define MUSICREP_DECLARE(isa)                                                                     \
  namespace isa {                                                                                 \
  Best update_and_find_max(double*, const float*, const float*, double, double, const double*,    \
                           std::size_t, std::ptrdiff_t, Best);                                    \
  Best find_max(const double*, const double*, std::size_t, std::ptrdiff_t, Best);                 \
  Partner find_partner(const double*, const float*, const double*, double, double, const double*, \
                       std::size_t, std::ptrdiff_t, Partner);                                     \
  void add_row(double*, const float*, double, std::size_t);                                       \
  void gather(const float*, const std::int32_t*, std::size_t, float*);                            \
  double dot(const double*, const double*, std::size_t);                                          \
  void rbf_in_place(double*, std::size_t, double);                                                \
  }
MUSICREP_DECLARE(baseline)
#if MUSICREP_X86
MUSICREP_DECLARE(avx2)
MUSICREP_DECLARE(avx512)
#endif

namespace {

struct Loops {
  const char* name;
  decltype(&baseline::update_and_find_max) update_and_find_max;
  decltype(&baseline::find_max) find_max;
  decltype(&baseline::find_partner) find_partner;
  decltype(&baseline::add_row) add_row;
  decltype(&baseline::gather) gather;
  decltype(&baseline::dot) dot;
  decltype(&baseline::rbf_in_place) rbf_in_place;
};

#define MUSICREP_LOOPS(isa)                                                                      \
  Loops {                                                                                        \
#isa, isa::update_and_find_max, isa::find_max, isa::find_partner, isa::add_row, isa::gather, \
        isa::dot, isa::rbf_in_place                                                              \
  }

const Loops& widest() {
#if MUSICREP_X86
  static const Loops loops = __builtin_cpu_supports("avx512f") ? MUSICREP_LOOPS(avx512)
                             : __builtin_cpu_supports("avx2")  ? MUSICREP_LOOPS(avx2)
                                                               : MUSICREP_LOOPS(baseline);
#else
  static const Loops loops = MUSICREP_LOOPS(baseline);
#endif
  return loops;
}

const Loops* chosen = &widest();

}  // namespace

const char* instruction_set() { return chosen->name; }

bool use_instruction_set(std::string_view name) {
#if MUSICREP_X86
  static const Loops narrower[] = {MUSICREP_LOOPS(baseline), MUSICREP_LOOPS(avx2),
                                   MUSICREP_LOOPS(avx512)};
#else
  static const Loops narrower[] = {MUSICREP_LOOPS(baseline)};
#endif
  bool reached_widest = false;
  for (const Loops& loops : narrower) {
    if (!reached_widest && name == loops.name) {
      chosen = &loops;
      return true;
    }
    reached_widest = reached_widest || widest().update_and_find_max == loops.update_and_find_max;
  }
  return false;
}

Best update_and_find_max(double* f, const float* ki, const float* kj, double ci, double cj,
                         const double* mask, std::size_t n, std::ptrdiff_t first_index, Best best) {
  return chosen->update_and_find_max(f, ki, kj, ci, cj, mask, n, first_index, best);
}

Best find_max(const double* f, const double* mask, std::size_t n, std::ptrdiff_t first_index,
              Best best) {
  return chosen->find_max(f, mask, n, first_index, best);
}

Partner find_partner(const double* f, const float* ki, const double* diag, double diag_i,
                     double f_max, const double* mask, std::size_t n, std::ptrdiff_t first_index,
                     Partner partner) {
  return chosen->find_partner(f, ki, diag, diag_i, f_max, mask, n, first_index, partner);
}

void add_row(double* sum, const float* row, double weight, std::size_t n) {
  chosen->add_row(sum, row, weight, n);
}

void gather(const float* row, const std::int32_t* index, std::size_t n, float* out) {
  chosen->gather(row, index, n, out);
}

double dot(const double* a, const double* b, std::size_t n) { return chosen->dot(a, b, n); }

void rbf_in_place(double* d2, std::size_t n, double gamma) { chosen->rbf_in_place(d2, n, gamma); }

}  // namespace musicrep::simd

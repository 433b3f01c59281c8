// The inner loops of the solver and of the kernels: eight lanes, one order of operations on every
// processor, so that the bits do not depend on its instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace musicrep::simd {

/// The greatest of a list and its index; ties go to the last, as in libsvm.
struct Best {
  double value;
  std::ptrdiff_t index;
};

/// f[t] -= ki[t] * ci + kj[t] * cj for t in [0, n), and the greatest f[t] + mask[t] on the way.
/// `mask` holds 0 for candidates and -inf for the rest. Starts from `best`; indices count from
/// `first_index`.
Best update_and_find_max(double* f, const float* ki, const float* kj, double ci, double cj,
                         const double* mask, std::size_t n, std::ptrdiff_t first_index, Best best);

/// The greatest f[t] + mask[t]; as above without the update.
Best find_max(const double* f, const double* mask, std::size_t n, std::ptrdiff_t first_index,
              Best best);

/// Second-order choice of the partner (Fan, Chen, Lin 2005, eq. 3): among candidates with
/// f[t] < f_max the greatest (f_max - f[t])^2 / (diag_i + diag[t] - 2 ki[t]).
struct Partner {
  Best best;     ///< index -1 where there is none
  double f_min;  ///< smallest f[t] among the candidates
};
Partner find_partner(const double* f, const float* ki, const double* diag, double diag_i,
                     double f_max, const double* mask, std::size_t n, std::ptrdiff_t first_index,
                     Partner partner);

/// sum[t] += weight * row[t].
void add_row(double* sum, const float* row, double weight, std::size_t n);

/// out[t] = row[index[t]].
void gather(const float* row, const std::int32_t* index, std::size_t n, float* out);

/// Sum of a[t] * b[t], accumulated in eight lanes.
double dot(const double* a, const double* b, std::size_t n);

/// d2[t] -> exp(-gamma * max(d2[t], 0)), to within 2 units in the last place; below exp(-707): 0.
void rbf_in_place(double* d2, std::size_t n, double gamma);

/// The instruction set in use: "baseline", "avx2" or "avx512", the widest that the processor has.
const char* instruction_set();

/// Chooses a narrower one, so that tests can hold all of them to the same bits. False where the
/// processor or the build lacks it. Not for use while a solver runs.
bool use_instruction_set(std::string_view name);

}  // namespace musicrep::simd

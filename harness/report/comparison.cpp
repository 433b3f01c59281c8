#include "report/comparison.h"

#include <algorithm>

namespace musicrep {

const Comparison* comparison_of(const Results& results, const ResultRow& a, const ResultRow& b) {
  const auto at = std::ranges::find_if(results.comparisons, [&](const Comparison& c) {
    return c.task == a.task && c.protocol == a.protocol &&
           ((c.a == a.encoder && c.b == b.encoder) || (c.a == b.encoder && c.b == a.encoder));
  });
  return at == results.comparisons.end() ? nullptr : &*at;
}

}  // namespace musicrep

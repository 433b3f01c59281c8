#include "statistics/derive.h"

#include <string>
#include <utility>

#include "statistics/claims.h"
#include "statistics/comparisons.h"
#include "statistics/deformed_statistics.h"
#include "statistics/retrieval_statistics.h"
#include "statistics/row_statistics.h"

namespace musicrep {

void derive_statistics(Results& results) {
  for (ResultRow& row : results.rows) {
    if (row.failure.empty()) score_row(row);
  }
  score_deformed(results);
  for (Retrieval& retrieval : results.retrievals) score_retrieval(retrieval);
  std::vector<ResultRow> found = retrieval_rows(results.retrievals);
  results.comparisons = compare_rows(results.rows);
  std::vector<Comparison> of_retrievals = compare_rows(found);
  results.letters = letters_of(results.rows, results.comparisons);
  std::vector<EncoderLetters> letters = letters_of(found, of_retrievals);
  results.comparisons.insert(results.comparisons.end(), of_retrievals.begin(), of_retrievals.end());
  results.letters.insert(results.letters.end(), letters.begin(), letters.end());
  judge_claims(results);
  results.provenance["statistics_version"] = std::to_string(kStatisticsVersion);
}

}  // namespace musicrep

// Whatever results say, all that is written from them is written.
#include <nlohmann/json.hpp>

#include "check/check.h"
#include "check/compare.h"
#include "core/json.h"
#include "fuzz.h"
#include "report/csv.h"
#include "report/exports.h"
#include "report/html/html.h"
#include "report/latex.h"
#include "report/leaderboard.h"
#include "report/markdown.h"
#include "store/results_json.h"
#include "unit/store/sample_results.h"

namespace musicrep::fuzz {
namespace {

void write_report(const std::string& bytes) {
  Results results;
  try {
    results = parse_bounded_json(bytes).get<Results>();
    check_results(results, "input");
  } catch (const Error& error) {
    throw DataError(std::string("input: ") + error.what());
  }
  static_cast<void>(markdown_report(results));
  static_cast<void>(csv_table(results) + csv_retrievals(results) + csv_diagnoses(results));
  static_cast<void>(latex_tables(results) + bibtex(results, {}) + json_text(results));
  static_cast<void>(html_report(results));
  static const Results kOther = sample_results();
  static_cast<void>(leaderboard_page({{"a", kOther}, {"b", results}}));
  try_each([&] { static_cast<void>(compare_runs(kOther, results, "a", "b")); });
  try_each([&] {
    const Tolerances tolerances = derive_tolerances(results);
    static_cast<void>(check_text(check(kOther, results, tolerances, true)));
    static_cast<void>(check_junit(check(results, kOther, tolerances, false)));
  });
}

std::vector<std::string> results() {
  Results seed = sample_results();
  seed.experiment_toml = "";
  std::vector<std::string> out = {nlohmann::json(seed).dump()};
  seed.rows.resize(1);
  seed.rows[0].targets.resize(1);
  seed.rows[0].targets[0].grid.resize(1);
  seed.datasets.clear();
  out.push_back(nlohmann::json(seed).dump());
  return out;
}

const Registration report({"report", write_report, results, 4});

}  // namespace
}  // namespace musicrep::fuzz

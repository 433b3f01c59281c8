#include "check/approve.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "check/check.h"
#include "check/rows.h"
#include "formats/toml_flat.h"
#include "statistics/consistency.h"

namespace musicrep {
namespace {

void add_of_run(const Results& run, std::vector<std::string>& problems) {
  if (run.rows.empty() && run.retrievals.empty()) problems.emplace_back("it has no rows");
  if (const auto only = run.provenance.find("only"); only != run.provenance.end()) {
    problems.push_back(
        fmt::format("it is only a part of its experiment (--only {})", only->second));
  }
  if (const auto limit = run.provenance.find("limit"); limit != run.provenance.end()) {
    problems.push_back(fmt::format("it is a preview of {} items (--limit)", limit->second));
  }
  const auto said = flat_toml(run.experiment_toml, "experiment");
  const auto seed = said.find("seed");
  if (seed != said.end() && seed->second != std::to_string(run.seed)) {
    problems.push_back(
        fmt::format("its seed is {}, the experiment's is {} (--seed)", run.seed, seed->second));
  }
}

void add_of_row(const RowCheck& row, bool same_experiment, std::vector<std::string>& problems) {
  const std::string cell = fmt::format("{} on {} under {}", row.encoder, row.task, row.protocol);
  const std::string why = fmt::format("{}", fmt::join(row.reasons, "; "));
  switch (row.verdict) {
    case Verdict::kRegressed:
    case Verdict::kImproved:
    case Verdict::kVectorsMoved:
      problems.push_back(fmt::format(
          "{} {}: {}; no version, option or hash says why: bump the encoder's version, the protocol's, or kEvaluationVersion",
          cell, verdict_name(row.verdict), why));
      break;
    case Verdict::kNoScore:
      problems.push_back(fmt::format("{} has no score: {}", cell, why));
      break;
    case Verdict::kMissing:
      if (same_experiment) {
        problems.push_back(fmt::format("{} is missing, and the experiment still has it", cell));
      }
      break;
    case Verdict::kNotComparable:
      if (row.undeclared) {
        problems.push_back(
            fmt::format("{}: {}: bump kEvaluationVersion or the protocol's version", cell, why));
      }
      break;
    case Verdict::kSame:
    case Verdict::kExtra:
    case Verdict::kCannotJudge:  // retrained on another processor
      break;
  }
}

void add_of_protocols(const Results& run, const Results& reference,
                      std::vector<std::string>& problems) {
  std::set<std::string> reported;
  for (const RowPair& pair : pair_rows(reference, run)) {
    if (pair.a == nullptr || pair.b == nullptr) continue;
    if (pair.a->protocol_sha256 != pair.b->protocol_sha256 &&
        pair.a->protocol_version == pair.b->protocol_version &&
        reported.insert(pair.a->protocol).second) {
      problems.push_back(
          fmt::format("protocol '{}' has changed, and its version is still {}; bump it",
                      pair.a->protocol, pair.a->protocol_version));
    }
  }
}

}  // namespace

std::vector<std::string> approval_problems(const Results& run,
                                           const std::optional<Reference>& reference) {
  std::vector<std::string> problems;
  add_of_run(run, problems);
  for (const std::string& broken : inconsistencies(run)) {
    problems.push_back("it is inconsistent: " + broken);
  }
  if (!reference) return problems;
  const CheckReport report = check(run, reference->results, reference->tolerances, false);
  const bool same_experiment = flat_toml(run.experiment_toml, "experiment") ==
                               flat_toml(reference->results.experiment_toml, "experiment");
  for (const auto& [who, worst] : grouped(report.drifts)) {
    if (is_fault(worst.drift)) {
      problems.push_back(fmt::format("encoder {} {}: bump its version", who, drift_text(worst)));
    }
  }
  for (const RowCheck& row : report.rows) add_of_row(row, same_experiment, problems);
  add_of_protocols(run, reference->results, problems);
  return problems;
}

}  // namespace musicrep

#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "check/rows.h"
#include "check/statements.h"
#include "metrics/estimate.h"
#include "metrics/metric.h"
#include "statistics/consistency.h"
#include "statistics/row_statistics.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

// All that is declared and makes scores incomparable; empty where they compare.
std::vector<std::string> declared_reasons(const Results& run, const Results& reference,
                                          const RowPair& pair,
                                          const std::vector<EncoderDrift>& drifts,
                                          const Tolerances& tolerances) {
  const bool may_have_new_files =
      std::ranges::find(tolerances.new_files, pair.a->encoder) != tolerances.new_files.end();
  std::vector<std::string> out;
  const auto add = [&](const std::vector<FactDifference>& differences) {
    for (const FactDifference& each : differences) out.push_back(fact_text(each));
  };
  add(deciding_for_all(reference, run));
  add(differences_of_dataset(reference, run, pair.a->dataset));
  add(differences_of_protocol(*pair.a, *pair.b));
  for (const EncoderDrift& drift : drifts) {
    if (drift.encoder != pair.a->encoder || drift.dataset != pair.b->dataset) continue;
    for (const std::string& declared : drift.declared) {
      // The master seed is reported already.
      if (declared.starts_with("seed:") && run.seed != reference.seed) continue;
      if (may_have_new_files && declared.starts_with(kFilesDeclared)) continue;
      const std::string reason = fmt::format("encoder '{}': {}", drift.encoder, declared);
      if (std::ranges::find(out, reason) == out.end()) out.push_back(reason);
    }
  }
  if (out.empty() && pair.a->encoder_version != pair.b->encoder_version) {
    out.push_back(fmt::format("encoder '{}': version {}, was {}", pair.a->encoder,
                              pair.b->encoder_version, pair.a->encoder_version));
  }
  return out;
}

/// Whether the vectors of a row may be others: its encoder's fingerprints moved, or it was trained
/// again or computed on another machine.
bool may_have_other_vectors(const RowPair& pair, const std::vector<EncoderDrift>& drifts,
                            bool same_machine) {
  if (!same_machine) return true;
  return std::ranges::any_of(drifts, [&](const EncoderDrift& drift) {
    return drift.encoder == pair.a->encoder && drift.dataset == pair.a->dataset &&
           drift.drift != Drift::kSameBits && drift.drift != Drift::kNone;
  });
}

double mean_inner(const ResultRow& row) {
  double sum = 0;
  for (const TargetResult& target : row.targets) sum += target.inner_score.value_or(0);
  return sum;
}

void moved_by(double moved, std::string reason, RowCheck& out) {
  out.verdict = moved > 0 ? Verdict::kImproved : Verdict::kRegressed;
  out.reasons = {std::move(reason)};
}

void cannot_judge(std::string reason, RowCheck& out) {
  out.verdict = Verdict::kCannotJudge;
  out.reasons = {std::move(reason)};
}

// The same vectors under the same protocol give the same predictions and choices, on another
// machine but for a few on the edge.
void judge_same_vectors(const ResultRow& was, const ResultRow& is, bool same_machine,
                        RowCheck& out) {
  const double moved = is.score - was.score;
  const auto n = static_cast<double>(was.item_ids.size());
  const bool many = is_metric(was.metric) &&
                    metric_named(was.metric).target == MetricTarget::kClasses &&
                    static_cast<double>(out.n_other_predictions) > std::max(1.0, 0.002 * n);
  if (out.n_other_predictions > 0 && (same_machine || many)) {
    return moved_by(
        moved,
        fmt::format("{} of {} predictions changed although the embeddings are identical{}",
                    out.n_other_predictions, was.item_ids.size(),
                    same_machine ? ", on the same machine" : ""),
        out);
  }
  const double inner = mean_inner(is) - mean_inner(was);
  if (std::abs(inner) > (same_machine ? 1e-9 : 0.005)) {
    moved_by(inner,
             fmt::format("the inner score changed by {:+.2g} although the embeddings are identical",
                         inner),
             out);
  }
}

void judge_score(const RowPair& pair, const Tolerances& tolerances,
                 const std::vector<EncoderDrift>& drifts, bool same_machine, RowCheck& out) {
  const ResultRow& was = *pair.a;
  const ResultRow& is = *pair.b;
  const Tolerance& allowed = tolerances.of(was);
  out.same_vectors = was.embeddings_sha256 == is.embeddings_sha256;
  out.tolerance = out.same_vectors ? allowed.same_vectors : allowed.other_vectors;
  out.n_other_predictions = n_other_predictions(was, is);
  const double moved = is.score - was.score;
  // Half of a millionth: what the file's six digits leave open.
  if (std::isnan(moved) || std::abs(moved) > out.tolerance + 5e-7) {
    return moved_by(moved,
                    fmt::format("{:.4f}, reference {:.4f}, tolerance {:.4f} ({} vectors)", is.score,
                                was.score, out.tolerance, out.same_vectors ? "the same" : "other"),
                    out);
  }
  if (out.n_other_predictions > 0 && sample_of(was).n_groups < 2) {
    return cannot_judge(
        fmt::format(
            "its predictions differ, and the reference has a single {}: no tolerance for its score is known",
            was.n > 1 ? "artist" : "item"),
        out);
  }
  if (out.same_vectors) return judge_same_vectors(was, is, same_machine, out);
  if (!may_have_other_vectors(pair, drifts, same_machine)) {
    out.verdict = Verdict::kVectorsMoved;
    out.reasons = {fmt::format(
        "its embeddings changed ({:.12}, were {:.12}) although fingerprints, versions, weights and processor are the same",
        is.embeddings_sha256, was.embeddings_sha256)};
    return;
  }
  const double above = std::abs(was.score - was.baseline);
  if (allowed.trained && was.n_seeds == 1) {
    cannot_judge(
        fmt::format(
            "retrained on another processor, and the reference has a single training: how much trainings vary is not known (within half of the 95 % interval, {:.4f})",
            out.tolerance),
        out);
  } else if (allowed.trained && out.tolerance > above / 3) {
    cannot_judge(
        fmt::format(
            "retrained on another processor, with a tolerance of {:.4f}: more than a third of the {:.4f} between the reference and the best constant prediction",
            out.tolerance, above),
        out);
  }
}

RowCheck judge(const Results& run, const Results& reference, const RowPair& pair,
               const std::vector<EncoderDrift>& drifts, const Tolerances& tolerances) {
  RowCheck out;
  out.encoder = pair.any().encoder;
  out.task = pair.any().task;
  out.protocol = pair.any().protocol;
  if (pair.a == nullptr || pair.b == nullptr) {
    out.verdict = pair.a == nullptr ? Verdict::kExtra : Verdict::kMissing;
    out.layer = Layer::kProvenance;
    out.reasons = {pair.a == nullptr ? "the reference has no such row" : "the run has no such row"};
    return out;
  }
  for (const EncoderDrift& drift : drifts) {
    if (drift.encoder == out.encoder && drift.dataset == pair.b->dataset && is_fault(drift.drift)) {
      out.drift = drift_text(drift);
    }
  }
  out.has_scores = pair.a->failure.empty() && pair.b->failure.empty();
  out.score = pair.b->score;
  out.n_seeds = pair.b->n_seeds;
  out.reference = pair.a->score;
  if (!pair.b->failure.empty() && pair.a->failure.empty()) {
    out.verdict = Verdict::kNoScore;
    out.reasons = {pair.b->failure};
  } else if (pair.b->failure.empty() && !pair.a->failure.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.reasons = {fmt::format("the reference has no score: {}", pair.a->failure)};
  } else if (!out.has_scores) {
    out.verdict = Verdict::kSame;  // neither has a score, as was approved
  } else if (out.reasons = declared_reasons(run, reference, pair, drifts, tolerances);
             !out.reasons.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.layer = Layer::kProvenance;
  } else if (const std::string items = difference_of_items(*pair.a, *pair.b); !items.empty()) {
    out.verdict = Verdict::kNotComparable;
    out.layer = Layer::kProvenance;
    out.undeclared = true;
    out.reasons = {fmt::format("{}, data and protocol being the same", items)};
  } else {
    judge_score(pair, tolerances, drifts, same_machine(reference, run), out);
  }
  return out;
}

// Names of the fields of two objects, or places of two lists, that differ.
std::string differing(const nlohmann::json& a, const nlohmann::json& b) {
  std::vector<std::string> names;
  for (const auto& [name, value] : a.items()) {
    if (!b.contains(name) || b.at(name) != value) names.push_back(name);
  }
  for (const auto& [name, value] : b.items()) {
    if (!a.contains(name)) names.push_back(name);
  }
  if (names.empty()) return "number";
  std::string out = names.front();
  for (std::size_t i = 1; i < names.size() && i < 6; ++i) out += ", " + names[i];
  return names.size() > 6 ? fmt::format("{} and {} more", out, names.size() - 6) : out;
}

// "'mfcc' 'genre'": the texts that identify an entry, or its place.
std::string entry_name(const nlohmann::json& entry, std::size_t place) {
  std::string out;
  for (const char* key : {"name", "encoder", "a", "b", "task", "dataset", "protocol", "layer",
                          "measure", "factor", "value", "text", "used_by"}) {
    if (!entry.is_object() || !entry.contains(key) || !entry.at(key).is_string()) continue;
    out += fmt::format("{}'{}'", out.empty() ? "" : " ", entry.at(key).get<std::string>());
  }
  return out.empty() ? fmt::format("entry {}", place) : out;
}

// Every part of the content digest that is not bit for bit the same, whatever parts there are. The
// code's version is information.
std::vector<std::string> exact_problems(const Results& run, const Results& reference) {
  nlohmann::json is = digested_content(run);
  nlohmann::json was = digested_content(reference);
  for (nlohmann::json* content : {&is, &was}) {
    for (const char* code : {"version", "code_commit", "code_dirty", "build_type"}) {
      content->at("provenance").erase(code);
    }
  }
  std::set<std::string> parts;
  for (const auto& [part, value] : is.items()) parts.insert(part);
  for (const auto& [part, value] : was.items()) parts.insert(part);
  std::vector<std::string> out;
  const nlohmann::json nothing = nlohmann::json::array();
  for (const std::string& part : parts) {
    // A part that a run has nothing for is not written.
    const nlohmann::json& a = was.contains(part) ? was.at(part) : nothing;
    const nlohmann::json& b = is.contains(part) ? is.at(part) : nothing;
    if (a == b) continue;
    if (!a.is_array() || !b.is_array()) {
      out.push_back(a.is_object() && b.is_object() ? fmt::format("{}: {}", part, differing(a, b))
                                                   : fmt::format("{}: not the same", part));
    } else if (a.size() != b.size()) {
      out.push_back(fmt::format("{}: {} entries, the reference has {}", part, b.size(), a.size()));
    } else {
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i]) continue;
        out.push_back(fmt::format("{}: {}: {}", part, entry_name(b[i], i), differing(a[i], b[i])));
      }
    }
  }
  return out;
}

// Of trained rows that were retrained elsewhere: their mean shift. Rows of one table share
// corpora and frames, so half of their variance is taken as common to all.
std::vector<JointShift> joint_shifts(const std::vector<RowCheck>& rows, const Results& reference,
                                     const Tolerances& tolerances) {
  constexpr double kCommon = 0.5;
  std::map<std::pair<std::string, std::string>, std::vector<const RowCheck*>> tables;
  for (const RowCheck& row : rows) {
    const bool retrained = row.has_scores && row.layer == Layer::kScores && !row.same_vectors;
    if (retrained && tolerances.is_trained(row.encoder, row.task, row.protocol)) {
      tables[{row.task, row.protocol}].push_back(&row);
    }
  }
  std::vector<JointShift> out;
  for (const auto& [table, members] : tables) {
    const SeedSpread spread = seed_spread(reference, table.first, table.second);
    if (members.size() < 2 || spread.degrees_of_freedom == 0) continue;
    const auto n = static_cast<double>(members.size());
    JointShift joint{table.first, table.second, members.size(), 0, 0};
    double seeds = 0;
    for (const RowCheck* row : members) {
      joint.shift += (row->score - row->reference) / n;
      seeds += static_cast<double>(row->n_seeds) / n;
    }
    const double beyond = 0.025 / static_cast<double>(tables.size());
    joint.tolerance = student_quantile(1 - beyond, spread.degrees_of_freedom) * spread.deviation *
                      std::sqrt(2 / seeds * (kCommon + (1 - kCommon) / n));
    out.push_back(joint);
  }
  return out;
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return "same";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kImproved:
      return "improved";
    case Verdict::kMissing:
      return "missing";
    case Verdict::kExtra:
      return "extra";
    case Verdict::kNotComparable:
      return "not comparable";
    case Verdict::kNoScore:
      return "not measured";
    case Verdict::kVectorsMoved:
      return "vectors moved";
    case Verdict::kCannotJudge:
      break;
  }
  return "cannot be judged";
}

const char* layer_name(Layer layer) {
  switch (layer) {
    case Layer::kConsistency:
      return "consistency";
    case Layer::kProvenance:
      return "provenance";
    case Layer::kFingerprints:
      return "fingerprints";
    case Layer::kScores:
      return "scores";
    case Layer::kStatements:
      break;
  }
  return "statements";
}

bool is_fault(Drift drift) { return drift == Drift::kMoved || drift == Drift::kBatch; }

std::size_t CheckReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(rows, verdict, &RowCheck::verdict));
}

bool CheckReport::moved() const {
  return count(Verdict::kRegressed) + count(Verdict::kImproved) + count(Verdict::kVectorsMoved) >
             0 ||
         !exact_problems.empty() || !broken_run.empty() ||
         std::ranges::any_of(joint, &JointShift::moved) ||
         std::ranges::any_of(statements, &StatementChange::is_fault) ||
         std::ranges::any_of(drifts, [](const EncoderDrift& d) { return is_fault(d.drift); });
}

bool CheckReport::incomplete() const {
  const std::size_t judged = count(Verdict::kSame) + count(Verdict::kRegressed) +
                             count(Verdict::kImproved) + count(Verdict::kVectorsMoved);
  return rows.empty() || judged < rows.size() || !broken_reference.empty() ||
         !rules_of_run.empty() || !rules_of_reference.empty() || !statements.empty();
}

double CheckReport::largest_unseen_loss() const {
  double out = 0;
  for (const RowCheck& row : rows) {
    if (row.has_scores && row.verdict == Verdict::kSame) out = std::max(out, row.tolerance);
  }
  return out;
}

CheckReport check(const Results& plain_run, const Results& plain_reference,
                  const Tolerances& tolerances, bool exact) {
  const Results run = with_retrieval_rows(plain_run);
  const Results reference = with_retrieval_rows(plain_reference);
  CheckReport out;
  out.reference = reference.experiment;
  out.tolerances_derived = tolerances.are_derived;
  out.facts = fact_differences(reference, run);
  out.drifts = drifts(reference, run, tolerances.rounding, same_machine(reference, run));
  for (const RowPair& pair : pair_rows(reference, run)) {
    out.rows.push_back(judge(run, reference, pair, out.drifts, tolerances));
  }
  out.joint = joint_shifts(out.rows, reference, tolerances);
  const bool same_content = &plain_run == &plain_reference ||
                            content_digest(plain_run) == content_digest(plain_reference);
  out.rules_of_run = other_rules(plain_run);
  out.rules_of_reference = other_rules(plain_reference);
  if (out.rules_of_run.empty()) out.broken_run = inconsistencies(plain_run);
  if (same_content) {
    out.broken_reference = out.broken_run;
  } else if (out.rules_of_reference.empty()) {
    out.broken_reference = inconsistencies(plain_reference);
  }
  out.statements = statement_changes(plain_run, plain_reference, out.rows);
  out.exact = exact;
  if (exact && !same_content) out.exact_problems = exact_problems(plain_run, plain_reference);
  return out;
}

}  // namespace musicrep
